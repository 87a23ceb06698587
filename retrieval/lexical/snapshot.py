"""A snapshot of an index: a folder of .npy files, written once, memory-mapped by every process."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from documents.durability import sync_folder
from retrieval.lexical.kernels import readonly
from retrieval.lexical.postings import Documents, Passages, Postings, Surfaces, Terms
from retrieval.lexical.string_table import StringTable
from retrieval.lexical.words import WordPostings

FORMAT = 4
_GROUPS: dict[str, Any] = {
    "terms": Terms,
    "passages": Passages,
    "documents": Documents,
    "surfaces": Surfaces,
    "words": WordPostings,
}
_ARRAYS = ("df", "df_terms")
_META = ("total_length", "values", "languages")


class SnapshotError(Exception):
    """A folder is not a whole snapshot of this format. Trying again does not help."""

    permanent = True


def write(folder: Path, postings: Postings, about: dict[str, Any]) -> None:
    """Write atomically: into a temporary folder, synced, then renamed.

    `about` is kept as JSON. Raises FileExistsError when `folder` exists; snapshots never change.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        raise FileExistsError(folder)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, array in _arrays(postings).items():
            with (making / f"{name}.npy").open("wb") as file:
                np.save(file, array)
                _sync(file)
        meta = {name: getattr(postings, name) for name in _META}
        with (making / "meta.json").open("w", encoding="utf-8") as text:
            json.dump({"format": FORMAT, **meta, "about": about}, text)
            _sync(text)
        sync_folder(making)
        making.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def read(folder: Path) -> tuple[Postings, dict[str, Any]]:
    """The postings, memory-mapped, and their `about`.

    Raises SnapshotError when files are missing, damaged, or of another format.
    """
    try:
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        if meta["format"] != FORMAT:
            raise SnapshotError(f"{folder} has format {meta['format']}, not {FORMAT}")
        columns = list(meta["values"])
        groups = {name: _read(folder, name, kind, columns) for name, kind in _GROUPS.items()}
        arrays = {name: _map(folder / f"{name}.npy") for name in _ARRAYS}
        rest = {name: meta[name] for name in _META}
        return Postings(**groups, **arrays, **rest), meta["about"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"{folder} is not a snapshot: {error}") from error


def _arrays(value: Any, prefix: str = "") -> dict[str, Any]:
    """All arrays in nested dataclasses and in the columns of documents, by dotted path."""
    found: dict[str, Any] = {}
    parts = value if isinstance(value, dict) else {f.name: getattr(value, f.name)
                                                   for f in fields(value)}  # fmt: skip
    for name, part in parts.items():
        if is_dataclass(part) or name == "columns":
            found |= _arrays(part, f"{prefix}{name}.")
        elif isinstance(part, np.ndarray):
            found[prefix + name] = part
    return found


def _read(folder: Path, prefix: str, kind: Any, columns: Sequence[str] = ()) -> Any:
    values: dict[str, Any] = {}
    for name, of in ((field.name, field.type) for field in fields(kind)):
        path = f"{prefix}.{name}"
        if of is StringTable:
            values[name] = _read(folder, path, StringTable)
        elif name == "columns":
            values[name] = {each: _map(folder / f"{path}.{each}.npy") for each in columns}
        else:
            values[name] = _map(folder / f"{path}.npy")
    return kind(**values)


def _map(path: Path) -> Any:
    # A plain array over the mapping: numba would compile again for the subclass memmap.
    return readonly(np.load(path, mmap_mode="r").view(np.ndarray))


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
