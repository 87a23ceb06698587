"""Merging of postings for compaction, without analysing any text again."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical.kernels import Bools, Ints, Longs, compiled, readonly
from retrieval.lexical.postings import (
    Documents,
    Passages,
    Postings,
    Surfaces,
    Terms,
    documents_of,
    histogram,
)
from retrieval.lexical.string_table import take_rows
from retrieval.lexical.words.postings import merge_words


@compiled
def _count(start: Longs, passage: Ints, live: Bools, row: Longs, counts: Longs) -> None:
    """Add to `counts[row[t]]` the live postings of each term t."""
    for term in range(len(row)):
        for at in range(start[term], start[term + 1]):
            if live[passage[at]]:
                counts[row[term]] += 1


@compiled
def _fill(  # noqa: PLR0917
    start: Longs,
    passage: Ints,
    tf: Ints,
    surface: Ints,
    live: Bools,
    number: Ints,
    row: Longs,
    surface_row: Longs,
    cursor: Longs,
    out_passage: Ints,
    out_tf: Ints,
    out_surface: Ints,
    surface_term: Ints,
) -> None:
    """Copy the live postings, under their new numbers, to where `cursor` says their terms are."""
    for term in range(len(row)):
        to = row[term]
        for at in range(start[term], start[term + 1]):
            if live[passage[at]]:
                place = cursor[to]
                cursor[to] += 1
                out_passage[place] = number[passage[at]]
                out_tf[place] = tf[at]
                out_surface[place] = -1
                if surface[at] >= 0:
                    word = surface_row[surface[at]]
                    out_surface[place] = word
                    surface_term[word] = to


@compiled
def transpose(start: Longs, passage: Ints, size: int) -> tuple[Longs, Ints]:
    """The forward index: the term rows of each passage, in order."""
    begin = np.zeros(size + 1, np.int64)
    for at in range(len(passage)):
        begin[passage[at] + 1] += 1
    for at in range(size):
        begin[at + 1] += begin[at]
    cursor = begin[:-1].copy()
    term = np.empty(len(passage), np.int32)
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            term[cursor[passage[at]]] = row
            cursor[passage[at]] += 1
    return begin, term


def _join(arrays: Sequence[NDArray[Any]], keep: NDArray[Any]) -> NDArray[Any]:
    return readonly(np.concatenate(arrays)[keep])


def merge(parts: Sequence[Postings], live: Bools, document_live: Bools) -> Postings:
    """One index of the live passages and documents of all parts, in their order.

    `live` and `document_live` run over the passages and documents of all parts, end to end. The
    parts number values and languages alike; the last part has the longest lists.
    """
    terms, surfaces = _merge_terms(parts, live)
    last = parts[-1]
    passages = _merge_passages(parts, live, document_live, terms)
    df, df_terms = histogram(terms.start)
    return Postings(
        terms=terms,
        passages=passages,
        documents=_merge_documents(parts, document_live, last.values),
        surfaces=surfaces,
        words=merge_words([part.words for part in parts], _split(live, parts)),
        df=df,
        df_terms=df_terms,
        total_length=int(passages.length.sum(dtype=np.int64)),
        values=last.values,
        languages=last.languages,
    )


def _split(live: Bools, parts: Sequence[Postings]) -> list[Bools]:
    """The flags of each part's passages."""
    bounds = np.cumsum([part.size for part in parts])[:-1]
    return [readonly(flags) for flags in np.split(live, bounds)]


def _merge_terms(parts: Sequence[Postings], live: Bools) -> tuple[Terms, Surfaces]:
    hashes, origin = np.unique(np.concatenate([p.terms.hash for p in parts]), return_index=True)
    rows = [readonly(np.searchsorted(hashes, part.terms.hash)) for part in parts]
    lives = _split(live, parts)
    counts = np.zeros(len(hashes), np.int64)
    for part, row, alive in zip(parts, rows, lives, strict=True):
        _count(part.terms.start, part.terms.passage, alive, row, counts)
    keep = counts > 0
    start = np.zeros(int(keep.sum()) + 1, np.int64)
    np.cumsum(counts[keep], out=start[1:])
    place = np.cumsum(keep) - 1
    words, word_origin = np.unique(
        np.concatenate([part.surfaces.hash for part in parts]), return_index=True
    )
    passage, tf, surface = (np.empty(start[-1], np.int32) for _ in range(3))
    word_term = np.full(len(words), -1, np.int32)
    number = np.cumsum(live, dtype=np.int32) - np.int32(1)
    numbers = np.split(number, np.cumsum([p.size for p in parts])[:-1])
    cursor = start[:-1].copy()
    for part, row, alive, new in zip(parts, rows, lives, numbers, strict=True):
        old, word_row = part.terms, readonly(np.searchsorted(words, part.surfaces.hash))
        _fill(old.start, old.passage, old.tf, old.surface, alive, readonly(new),
              readonly(place[row]),
              word_row, cursor, passage, tf, surface, word_term)  # fmt: skip
    used = word_term >= 0
    renumber = np.append(np.cumsum(used, dtype=np.int32) - np.int32(1), np.int32(-1))
    merged = Terms(
        hash=readonly(hashes[keep]),
        start=readonly(start),
        passage=readonly(passage),
        tf=readonly(tf),
        surface=readonly(renumber[surface]),  # -1 takes the last, which is -1
        text=take_rows([part.terms.text for part in parts], origin[keep]),
    )
    return merged, _merge_surfaces(
        [part.surfaces for part in parts], word_origin[used], word_term[used]
    )


def _merge_surfaces(parts: Sequence[Surfaces], row: Longs, term: Ints) -> Surfaces:
    return Surfaces(
        hash=_join([part.hash for part in parts], row),
        term=readonly(term),
        language=_join([part.language for part in parts], row),
        length=_join([part.length for part in parts], row),
        letters=_join([part.letters for part in parts], row),
        text=take_rows([part.text for part in parts], row),
    )


def _merge_passages(
    parts: Sequence[Postings], live: Bools, document_live: Bools, terms: Terms
) -> Passages:
    ids = _join([part.passages.id for part in parts], live)
    before = np.cumsum([0, *(len(part.documents.hash) for part in parts)])
    shifted = [p.passages.document + shift for p, shift in zip(parts, before, strict=False)]
    renumber = np.cumsum(document_live, dtype=np.int32) - np.int32(1)
    begin, term = transpose(terms.start, terms.passage, len(ids))
    return Passages(
        id=ids,
        order=readonly(np.argsort(ids, kind="stable").astype(np.int64)),
        length=_join([part.passages.length for part in parts], live),
        document=readonly(renumber[np.concatenate(shifted)[live]]),
        start=readonly(begin),
        term=readonly(term),
    )


def _merge_documents(parts: Sequence[Postings], live: Bools, columns: Iterable[str]) -> Documents:
    documents = [part.documents for part in parts]
    return documents_of(
        np.concatenate([part.hash for part in documents]),
        np.concatenate([np.diff(part.start) for part in documents]),
        {name: np.concatenate([part.column(name) for part in documents]) for name in columns},
        live,
    )
