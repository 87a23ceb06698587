"""Words of the index by a pattern: `steuer*`, `wo*man`, `*heit`."""

import re
from collections.abc import Iterable

import numpy as np

from retrieval.lexical.string_table import StringTable

ANY = "*"


def matching_words(pattern: str, table: StringTable, others: Iterable[str]) -> list[str]:
    """All words of a table, and of `others`, that fit; `*` stands for any letters or none.

    Raises ValueError for a pattern without a letter.
    """
    pieces = pattern.split(ANY)
    longest = max(pieces, key=len)
    if not longest:
        raise ValueError(f"{pattern} fits every word.")
    fits = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL).fullmatch
    words = [*_containing(table, longest), *others]
    return [word for word in dict.fromkeys(words) if fits(word)]


def _containing(table: StringTable, part: str) -> Iterable[str]:
    """The rows in which the letters stand; the whole table is searched as one text."""
    found = re.finditer(re.escape(part.encode()), table.data.data)
    at = np.fromiter((match.start() for match in found), np.int64)
    rows = np.unique(np.searchsorted(table.start, at, side="right") - 1)
    return (word for word in map(table.__getitem__, rows.tolist()) if part in word)
