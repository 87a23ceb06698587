"""Training rows: JSON lines of a query, a passage that answers it, and others that do not.

`export_judgements --training` and `mine_negatives` write them; `mine_negatives` and
`train_reranker` read them. docs/training.md describes the format.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from retrieval.training.errors import TrainingError


@dataclass(frozen=True)
class TrainingRow:
    """`positive` and `negatives` are texts as models read them: title, headings, passage.

    `passage` and `section` are those of the positive: no passage of its section becomes a
    negative. Whole books are held out together. `scores` are the fused scores of the positive and
    of each negative, or empty.
    """

    query: str
    positive: str
    negatives: tuple[str, ...] = ()
    passage: str = ""
    section: str = ""
    book: str = ""
    scores: tuple[float, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON, without empty ones except negatives."""
        kept = {name: value for name, value in vars(self).items() if value}
        return kept | {"negatives": list(self.negatives)}


@dataclass(frozen=True)
class CorpusPassage:
    """A passage that may become a negative."""

    id: str
    text: str
    title: str = ""
    section: str = ""
    book: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value}


def read_rows(paths: Iterable[Path]) -> Iterator[TrainingRow]:
    """Every row of the files, in order; .gz files are unpacked. Raises TrainingError."""
    for path in paths:
        for where, line in _objects(path):
            negatives = _list(line, "negatives", str, where)
            scores = _list(line, "scores", (int, float), where)
            if scores and len(scores) != 1 + len(negatives):
                raise TrainingError(f"{where}: “scores” are to be one more than the negatives.")
            yield TrainingRow(
                _text(line, "query", where),
                _text(line, "positive", where),
                tuple(negatives),
                **{name: _optional(line, name, where) for name in ("passage", "section", "book")},
                scores=tuple(map(float, scores)),
            )


def read_passages(paths: Iterable[Path]) -> Iterator[CorpusPassage]:
    """Every passage of the files, in order. Raises TrainingError."""
    for path in paths:
        for where, line in _objects(path):
            optional = {n: _optional(line, n, where) for n in ("title", "section", "book")}
            yield CorpusPassage(_text(line, "id", where), _text(line, "text", where), **optional)


def write_rows(path: Path, rows: Iterable[TrainingRow | CorpusPassage]) -> int:
    """Write the rows; returns how many. Raises OSError."""
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(as_line(row.as_json()))
            count += 1
    return count


def as_line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _objects(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The place of each line, for messages, and its object."""
    number = 0
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    where = f"{path}, line {number}"
                    yield where, _object(line, where)
    except UnicodeDecodeError:
        raise TrainingError(f"{path}, after line {number}: this is not UTF-8.") from None
    except (OSError, EOFError) as error:
        raise TrainingError(f"{path} cannot be read: {error}.") from error


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _object(line: str, where: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise TrainingError(f"{where}: this is not JSON ({error}).") from None
    if not isinstance(value, dict):
        raise TrainingError(f"{where}: expected an object in braces.")
    return value


def _text(line: Mapping[str, Any], name: str, where: str) -> str:
    value = _optional(line, name, where)
    if not value.strip():
        raise TrainingError(f"{where}: “{name}” is missing.")
    return value


def _optional(line: Mapping[str, Any], name: str, where: str) -> str:
    value = line.get(name)
    if not isinstance(value, str | None):
        raise TrainingError(f"{where}: “{name}” is to be a text.")
    return value or ""


def _list(line: Mapping[str, Any], name: str, of: Any, where: str) -> Sequence[Any]:
    value = line.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, of) for one in value):
        raise TrainingError(f"{where}: “{name}” is to be a list of {_KINDS[name]}.")
    return value


_KINDS = {"negatives": "texts", "scores": "numbers"}
