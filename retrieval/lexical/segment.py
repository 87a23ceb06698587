"""Changes since the snapshot, in memory: grows passage by passage, becomes Postings on demand."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from retrieval.hits import DocumentEntry, PassageEntry, Value
from retrieval.lexical.kernels import Hashes, Ints, Longs, readonly
from retrieval.lexical.merger import transpose
from retrieval.lexical.postings import (
    Passages,
    Postings,
    Surfaces,
    Terms,
    document_key,
    documents_of,
    histogram,
    letters,
)
from retrieval.lexical.string_table import StringTable, hashes, stable_hash
from retrieval.lexical.words import SegmentWords


@dataclass(slots=True)
class SegmentTerm:
    """One term's postings: passage number within the segment, frequency, surface; repeated."""

    text: str
    postings: "array[int]" = field(default_factory=lambda: array("i"))

    def __len__(self) -> int:
        return len(self.postings) // 3


class ValueColumn:
    """For each document the place of its value among the distinct `values`, or -1."""

    def __init__(self, values: Iterable[Value] = (), documents: int = 0) -> None:
        self.codes = array("i", [-1]) * documents
        self.values = {value: code for code, value in enumerate(values)}

    def append(self, value: Value | None) -> None:
        """The next document's value, if it has one."""
        self.codes.append(-1 if value is None else self.values.setdefault(value, len(self.values)))


class Columns:
    """The segment's passages and documents as arrays, copied once for each state of the segment."""

    def __init__(self, segment: "Segment") -> None:
        self.passage_id: Longs = readonly(np.array(segment.passage_ids, np.int64))
        self.length: Ints = readonly(np.array(segment.lengths, np.int32))
        self.passage_document: Ints = readonly(np.array(segment.passage_documents, np.int32))
        self.document_hash: Hashes = readonly(np.array(segment.document_hashes, np.uint64))
        self.values: dict[str, Ints] = {
            name: readonly(np.array(column.codes, np.int32))
            for name, column in segment.values.items()
        }


class Segment:
    """Append-only; what was removed stays until compaction and is masked by the store.

    `values` and `languages` go on from those of the snapshot, so that both number them alike.
    """

    def __init__(
        self, values: Mapping[str, Iterable[Value]] | None = None, languages: Sequence[str] = ()
    ) -> None:
        self.terms: dict[int, SegmentTerm] = {}
        self.words = SegmentWords()
        self.surfaces: dict[str, int] = {}
        self.surface_texts: list[str] = []  # "language:word", by number, as the next three
        self.surface_terms: list[int] = []
        self.surface_lengths = array("i")
        self.surface_letters = array("Q")
        self.passage_ids = array("q")
        self.lengths = array("i")
        self.passage_documents = array("i")
        self.passage_terms: list[array[int]] = []  # hashes
        self.passage_numbers: dict[int, int] = {}
        self.document_hashes = array("Q")
        self.document_starts = array("q")
        self.values = {name: ValueColumn(known) for name, known in (values or {}).items()}
        self.languages = {name: code for code, name in enumerate(languages)}

    def __len__(self) -> int:
        return len(self.passage_ids)

    @cached_property
    def columns(self) -> Columns:
        """Dropped by every change."""
        return Columns(self)

    def add(self, document: DocumentEntry, passages: Sequence[PassageEntry]) -> None:
        """Append a document with its passages."""
        self.__dict__.pop("columns", None)
        for name in document.columns.keys() - self.values.keys():
            self.values[name] = ValueColumn(documents=len(self.document_hashes))
        for name, column in self.values.items():
            column.append(document.columns.get(name))
        self.document_hashes.append(document_key(document.document_id))
        self.document_starts.append(len(self))
        self.extend(passages)

    def extend(self, passages: Sequence[PassageEntry]) -> None:
        """Append further passages of the document added last."""
        self.__dict__.pop("columns", None)
        for passage in passages:
            self._add_passage(passage)

    def _add_passage(self, passage: PassageEntry) -> None:
        number = len(self)
        surfaces = _surfaces(passage) if passage.surfaces else {}
        held = array("Q")
        for text, tf in Counter(passage.terms).items():
            key = stable_hash(text)
            term = self.terms.get(key)
            if term is None:
                term = self.terms[key] = SegmentTerm(text)
            surface = self._surface(surfaces[text], key) if surfaces else -1
            term.postings.extend((number, tf, surface))
            held.append(key)
        self.words.add(number, passage)
        self.passage_ids.append(passage.passage_id)
        self.lengths.append(len(passage.terms))
        self.passage_documents.append(len(self.document_hashes) - 1)
        self.passage_terms.append(held)
        self.passage_numbers[passage.passage_id] = number

    def _language(self, code: str) -> int:
        return self.languages.setdefault(code, len(self.languages))

    def _surface(self, surface: str | None, term: int) -> int:
        if surface is None:
            return -1
        number = self.surfaces.setdefault(surface, len(self.surfaces))
        if number == len(self.surface_terms):
            word = surface.partition(":")[2]
            self.surface_texts.append(surface)
            self.surface_terms.append(term)
            self.surface_lengths.append(len(word))
            self.surface_letters.append(letters(word))
        return number

    def freeze(self) -> Postings:
        """The same as arrays, removed passages included; O(segment)."""
        terms, surfaces = self._freeze_terms()
        columns = self.columns
        begin, term = transpose(terms.start, terms.passage, len(self))
        order = np.argsort(columns.passage_id, kind="stable").astype(np.int64)
        df, df_terms = histogram(terms.start)
        sizes = np.diff(np.append(np.array(self.document_starts, np.int64), len(self)))
        return Postings(
            terms=terms,
            passages=Passages(columns.passage_id, readonly(order), columns.length,
                              columns.passage_document,
                          readonly(begin), readonly(term)),
            documents=documents_of(columns.document_hash, sizes, columns.values),
            surfaces=surfaces,
            words=self.words.freeze(),
            df=df,
            df_terms=df_terms,
            total_length=sum(self.lengths),
            values={name: list(column.values) for name, column in self.values.items()},
            languages=list(self.languages),
        )  # fmt: skip

    def _freeze_terms(self) -> tuple[Terms, Surfaces]:
        keys = sorted(self.terms)
        listed = [self.terms[key] for key in keys]
        start = np.zeros(len(keys) + 1, np.int64)
        np.cumsum([len(term) for term in listed], out=start[1:])
        surfaces, renumber = self._freeze_surfaces(keys)
        passage, tf, surface = columns_of(listed)
        terms = Terms(
            hash=readonly(np.array(keys, np.uint64)),
            start=readonly(start),
            passage=passage,
            tf=tf,
            surface=readonly(renumber[surface]),
            text=StringTable.of([term.text for term in listed]),
        )
        return terms, surfaces

    def _freeze_surfaces(self, keys: list[int]) -> tuple[Surfaces, Ints]:
        """The surfaces by ascending hash, and for each number so far its row (-1 for -1)."""
        unsorted = hashes(self.surface_texts)
        order = np.argsort(unsorted, kind="stable")
        renumber = np.full(len(order) + 1, -1, np.int32)
        renumber[order] = np.arange(len(order), dtype=np.int32)
        split = [self.surface_texts[at].partition(":") for at in order.tolist()]
        term = np.array(self.surface_terms, np.uint64)[order]
        language = [self._language(tag) for tag, _, _ in split]
        frozen_surfaces = Surfaces(
            hash=readonly(unsorted[order]),
            term=readonly(np.searchsorted(np.array(keys, np.uint64), term).astype(np.int32)),
            language=readonly(np.array(language, np.int32)),
            length=readonly(np.array(self.surface_lengths, np.int32)[order]),
            letters=readonly(np.array(self.surface_letters, np.uint64)[order]),
            text=StringTable.of([word for _, _, word in split]),
        )
        return frozen_surfaces, renumber


def _surfaces(passage: PassageEntry) -> dict[str, str | None]:
    """For each term "language:stem" its commonest surface in the passage, "language:word"."""
    found: dict[str, str | None] = {}
    pairs = Counter(zip(passage.terms, passage.surfaces, strict=True))
    for (term, surface), _ in pairs.most_common():
        if term not in found:
            language, colon, _ = term.partition(":")
            # identifiers have no language, and no spelling but their own
            found[term] = f"{language}:{surface}" if colon and language.isalnum() else None
    return found


def columns_of(terms: Sequence[SegmentTerm]) -> tuple[Ints, Ints, Ints]:
    """Copies of the terms' postings end to end: passage numbers, frequencies, surfaces."""
    rows = np.frombuffer(b"".join(term.postings for term in terms), np.int32).reshape(-1, 3)
    return readonly(rows[:, 0]), readonly(rows[:, 1]), readonly(rows[:, 2])
