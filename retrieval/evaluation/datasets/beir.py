"""Test collections in BEIR layout: corpus.jsonl, queries.jsonl, qrels/*.tsv.

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models" (NeurIPS 2021). The corpus is streamed, since it may be larger than memory.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

PREFERRED_SPLITS = ("test", "dev")
LONGEST_ID = 200

Qrels = Mapping[str, Mapping[str, int]]


class DatasetError(Exception):
    """A collection cannot be read; the message says where and why."""


@dataclass(frozen=True)
class CorpusDocument:
    """One line of the corpus; the id is its identity, whatever its text. A text of the `format`
    "md", which BEIR does not know, is Markdown and has headings."""

    id: str
    title: str
    text: str
    format: str = ""

    @property
    def empty(self) -> bool:
        """Whether title and text are empty, so that no search can find it."""
        return not (self.title.strip() or self.text.strip())


@dataclass(frozen=True)
class Dataset:
    """A collection on disk. `queries` are those judged, by id, in the order of their file;
    `qrels` holds their judgements: query id → document id → grade."""

    name: str
    folder: Path
    queries: Mapping[str, str]
    qrels: Qrels

    def documents(self) -> Iterator[CorpusDocument]:
        """Every document, streamed. Raises DatasetError at a broken line."""
        seen: set[str] = set()
        for where, line in _json_lines(self.folder / "corpus.jsonl"):
            document = CorpusDocument(
                _text(line, "_id", where),
                *(_optional(line, name) for name in ("title", "text", "format")),
            )
            if document.id in seen:
                raise DatasetError(f"{where}: the id {document.id} has been used before.")
            if len(document.id) > LONGEST_ID:
                raise DatasetError(f"{where}: an id may have {LONGEST_ID} characters at most.")
            seen.add(document.id)
            yield document

    def fingerprint(self) -> tuple[str, int]:
        return corpus_fingerprint(self.documents())


def corpus_fingerprint(documents: Iterable[CorpusDocument]) -> tuple[str, int]:
    """A hash of every document, in order; and how many there are."""
    digest, count = hashlib.sha256(), 0
    for document in documents:
        digest.update(json.dumps(astuple(document)).encode())
        count += 1
    return digest.hexdigest(), count


def load_dataset(folder: Path, split: str = "") -> Dataset:
    """The collection in `folder`; the corpus must exist, but is not read.

    `split` names the file of judgements; by default test, else dev, else the only one there is.
    Raises DatasetError.
    """
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder; give one that holds corpus.jsonl.")
    if not (folder / "corpus.jsonl").is_file():
        raise DatasetError(f"{folder} is no collection in BEIR layout: corpus.jsonl is missing.")
    qrels = read_qrels(_qrels_file(folder, split))
    queries = read_queries(folder / "queries.jsonl")
    judged = {
        query: text
        for query, text in queries.items()
        if max(qrels.get(query, {"": 0}).values()) > 0
    }
    if not judged:
        raise DatasetError(f"{folder}: no query has a document judged relevant.")
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "dataset"
    return Dataset(name, folder, judged, {query: qrels[query] for query in judged})


def read_queries(path: Path) -> dict[str, str]:
    """Query id → text. Raises DatasetError."""
    return {
        _text(line, "_id", where): _text(line, "text", where) for where, line in _json_lines(path)
    }


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgements of a TSV file with columns query, document, grade. Raises DatasetError."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        fields = line.rstrip("\r\n").split("\t")
        if number == 1 and fields[-1].strip() == "score":
            continue
        try:
            query, document, grade = fields
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError:
            raise DatasetError(
                f"{path}, line {number}: expected query, document and whole grade between tabs."
            ) from None
    if not qrels:
        raise DatasetError(f"{path} holds no judgements.")
    return qrels


def _qrels_file(folder: Path, split: str) -> Path:
    found = {path.stem: path for path in sorted((folder / "qrels").glob("*.tsv"))}
    if split:
        return found.get(split) or folder / "qrels" / f"{split}.tsv"
    for name in PREFERRED_SPLITS:
        if name in found:
            return found[name]
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise DatasetError(f"{folder}: there are no judgements; qrels/test.tsv is missing.")
    raise DatasetError(f"{folder}/qrels holds {', '.join(found)}: choose one with --split.")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, numbered from 1."""
    number = 0
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise DatasetError(f"{path}, after line {number}: this is not UTF-8.") from None


def _json_lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in _lines(path):
        where = f"{path}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{where}: this is not JSON ({error}).") from None
        if not isinstance(value, dict):
            raise DatasetError(f"{where}: expected an object in braces.")
        yield where, value


def _text(line: Mapping[str, Any], name: str, where: str) -> str:
    value = line.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise DatasetError(f"{where}: “{name}” is missing.")
    return value


def _optional(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    return value if isinstance(value, str) else ""
