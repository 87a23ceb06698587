"""Tables of strings, and the hashes by which the index finds them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical.kernels import Hashes, Longs, compiled, readonly


@lru_cache(maxsize=1 << 17)
def stable_hash(text: str) -> int:
    """The first 64 bits of BLAKE2b, as unsigned; unlike `hash()` the same in every process."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def hashes(texts: Iterable[str]) -> Hashes:
    """`stable_hash` of each."""
    return np.array([stable_hash(text) for text in texts], np.uint64)


def rows(sorted_hashes: Hashes, wanted: Hashes) -> NDArray[np.int64]:
    """The row of each wanted hash, -1 where there is none."""
    if not len(sorted_hashes):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(sorted_hashes, wanted), len(sorted_hashes) - 1)
    return np.where(sorted_hashes[at] == wanted, at, -1)


@dataclass(frozen=True)
class StringTable:
    """Strings side by side, in UTF-8: row i is `data[start[i]:start[i + 1]]`."""

    data: NDArray[np.uint8]
    start: Longs

    @classmethod
    def of(cls, texts: Sequence[str]) -> "StringTable":
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        start = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=start[1:])
        return cls(readonly(np.frombuffer(b"".join(encoded), np.uint8)), readonly(start))

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, row: int) -> str:
        data = self.data[self.start[row] : self.start[row + 1]]
        return data.tobytes().decode("utf-8", "surrogatepass")

    def beginning(self, prefix: str) -> NDArray[np.int64]:
        """The rows that begin with `prefix`, byte by byte: few are left after the first ones."""
        wanted = prefix.encode("utf-8", "surrogatepass")
        starts, ends = self.start[:-1], self.start[1:]
        found = np.flatnonzero(ends - starts >= len(wanted))
        for at, byte in enumerate(wanted):
            found = found[self.data[starts[found] + at] == byte]
        return found


@compiled
def _gather(data: NDArray[np.uint8], start: Longs, row: Longs, to: Longs) -> NDArray[np.uint8]:
    out = np.empty(to[-1], np.uint8)
    for at in range(len(row)):
        begin = start[row[at]]
        for byte in range(to[at + 1] - to[at]):
            out[to[at] + byte] = data[begin + byte]
    return out


def take_rows(tables: Sequence[StringTable], row: Longs) -> StringTable:
    """The given rows of several tables laid end to end."""
    data = np.concatenate([table.data for table in tables])
    sizes = np.concatenate([np.diff(table.start) for table in tables])
    start = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=start[1:])
    to = np.zeros(len(row) + 1, np.int64)
    np.cumsum(sizes[row], out=to[1:])
    gathered = _gather(readonly(data), readonly(start), readonly(row), readonly(to))
    return StringTable(readonly(gathered), readonly(to))
