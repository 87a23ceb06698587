"""`BM25Index`: what the package offers, one class over its postings.

Scores are those of BM25Okapi (Robertson et al., Okapi at TREC-3, 1994, in the variant of Trotman,
Puurula and Burgess, Improvements to BM25 and Language Models Examined, 2014, as rank_bm25 0.2.2
computes them) over the live passages, after any changes.
"""

import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from cachetools import LRUCache

from retrieval.hits import DocumentEntry, DocumentHits, LexicalHits, PassageEntry, TermScore
from retrieval.lexical import scorer, snapshot
from retrieval.lexical.document_scorer import best_documents, word_weights
from retrieval.lexical.index_state import IndexState, with_words
from retrieval.lexical.kernels import Bools, Floats, Longs, frozen
from retrieval.lexical.masked_index import MASKS_KEPT, MaskedIndex, new_mask_cache
from retrieval.lexical.masks import DocumentColumns, narrowed
from retrieval.lexical.merger import merge
from retrieval.lexical.postings import Postings, QueryView
from retrieval.lexical.rank_bm25_compat import RankBM25Compat, as_term
from retrieval.lexical.segment import Segment
from retrieval.lexical.statistics import VisibleStats
from retrieval.lexical.vocabulary import Vocabulary
from retrieval.lexical.words import (
    Phrase,
    SearchTerm,
    WeightedTerm,
    matching_words,
    plain_term,
    weights_of,
)

PASSAGES_AT_ONCE = 64
Tokenizer = Callable[[Any], Sequence[Hashable]]


class BM25Index(MaskedIndex, RankBM25Compat):
    """A BM25Okapi that forgets nothing and rebuilds nothing.

    Any number of threads may read while one changes it. `position` is the number in the change
    log up to which it is applied; callers move it on. `begun_at` is the newest change of the log
    when the index was empty: what was deleted before was never in it. Masks belong to the index
    that made them.
    """

    def __init__(
        self,
        corpus: Iterable[Any] = (),
        tokenizer: Tokenizer | None = None,
        k1: float = 1.5,
        b: float = 0.75,
        epsilon: float = 0.25,
    ) -> None:
        # The library's own __init__ would build its dictionaries; only its tokenizing is wanted.
        self.tokenizer = tokenizer
        texts = self._tokenize_corpus(corpus) if tokenizer else corpus
        segment = Segment()
        for number, text in enumerate(texts):
            document = DocumentEntry(str(number))
            segment.add(document, [PassageEntry(number, [as_term(token) for token in text])])
        self._start(segment.freeze(), k1, b, epsilon)
        self._store.statistics.sum_in_order(map(len, segment.terms.values()))

    @classmethod
    def build(
        cls,
        entries: Iterable[tuple[DocumentEntry, Sequence[PassageEntry]]],
        k1: float = 1.5,
        b: float = 0.75,
        epsilon: float = 0.25,
    ) -> "BM25Index":
        """An index of many documents, each given once: faster than `add` for each."""
        segment = Segment()
        for document, passages in entries:
            segment.add(document, passages)
        index = cls.__new__(cls)
        index._start(segment.freeze(), k1, b, epsilon)
        return index

    @classmethod
    def open(cls, folder: str | Path) -> "BM25Index":
        """The index saved in `folder`, its pages shared with all who open it.

        Raises snapshot.SnapshotError when the folder holds no whole snapshot.
        """
        postings, about = snapshot.read(Path(folder))
        index = cls.__new__(cls)
        index._start(postings, about["k1"], about["b"], about["epsilon"])
        index.position = index.snapshot_position = about["position"]
        index.begun_at = about["begun_at"]
        return index

    def _start(self, postings: Postings, k1: float, b: float, epsilon: float) -> None:
        self.k1, self.b, self.epsilon = k1, b, epsilon
        self.position = self.begun_at = 0
        self.snapshot_position = -1  # not opened from a snapshot
        self.generation = 0
        self._lock = threading.RLock()
        self._store = IndexState(postings)
        self._masks = new_mask_cache()
        self._values = LRUCache(MASKS_KEPT)
        self._scratches = scorer.BufferPool()
        self._norms: tuple[float, int, Floats] = (-1.0, -1, np.empty(0))

    # Changes

    def add(self, document: DocumentEntry, passages: Sequence[PassageEntry]) -> None:
        """Index a document; all earlier passages of it are gone from then on.

        A long one is added in parts, so that readers never wait for the whole of it.
        """
        with self._lock:
            self._store.add(document, passages[:PASSAGES_AT_ONCE])
            self.generation += 1
        for first in range(PASSAGES_AT_ONCE, len(passages), PASSAGES_AT_ONCE):
            with self._lock:
                self._store.extend(passages[first : first + PASSAGES_AT_ONCE])
                self.generation += 1

    def remove(self, document_id: str) -> bool:
        """Forget a document; whether it was there."""
        with self._lock:
            removed = self._store.remove(document_id)
            self.generation += removed
            return removed

    def save(self, folder: str | Path, position: int | None = None) -> None:
        """Write a compacted snapshot holding the change log up to `position` (default: ours).

        Searches go on, but nobody may change the index meanwhile. Raises FileExistsError when the
        folder exists: a snapshot is never written over.
        """
        about = {"position": self.position if position is None else position,
                 "begun_at": self.begun_at, "k1": self.k1, "b": self.b,
                 "epsilon": self.epsilon}  # fmt: skip
        snapshot.write(Path(folder), merge(*self._store.merged()), about)

    @property
    def size_in_segment(self) -> int:
        """Passages added or removed since the snapshot: what compaction would fold in."""
        with self._lock:
            return len(self._store.segment) + self._store.removed

    # Searching

    def search(
        self,
        terms: Sequence[SearchTerm],
        k: int,
        allowed: Bools | None = None,
        visible: VisibleStats | None = None,
    ) -> LexicalHits:
        """The best `k` of the passages that hold a term and are allowed, ties by passage id.

        `allowed` is a mask of this index over passage numbers; passages added after it was made are
        not allowed. Repeated terms count as often as they stand. With `visible`, here and below,
        scores are those of an index of the visible passages alone.
        """
        view = self._view(terms, visible)
        scratch = self._scratches.take(len(view.live))
        try:
            return scorer.best(view, self.k1, k, allowed, scratch)
        finally:
            self._scratches.give(scratch)

    def search_documents(
        self,
        terms: Sequence[SearchTerm],
        k: int,
        allowed: Bools | None = None,
        visible: VisibleStats | None = None,
        words: Sequence[range] = (),
    ) -> DocumentHits:
        """As `search`, but the best `k` documents by their best passage, each with its best
        PASSAGES_OF_A_DOCUMENT. `words` says of each term which words of the query it stands for:
        by these, documents have their shares."""
        view = self._view(terms, visible)
        with self._lock:
            columns = DocumentColumns.of(self._store)
            passages = self._store.statistics.passages if visible is None else visible.passages
        weights = word_weights(view, words, passages)
        scratch = self._scratches.take(max(len(view.live), len(columns.live)))
        try:
            return best_documents(view, self.k1, k, allowed, scratch, columns, weights)
        finally:
            self._scratches.give(scratch)

    def score(
        self,
        terms: Sequence[SearchTerm],
        passage_ids: Sequence[int],
        visible: VisibleStats | None = None,
    ) -> list[float]:
        """The exact scores of given passages, in order; 0.0 for one unknown, not visible or without
        terms."""
        view, numbers = self._view_of(terms, passage_ids, visible)
        _, parts = scorer.shares(view, self.k1, numbers)
        found: list[float] = scorer.summed(parts).tolist()
        return found

    def explain(
        self, terms: Sequence[SearchTerm], passage_id: int, visible: VisibleStats | None = None
    ) -> list[TermScore]:
        """What each distinct term that the passage holds adds to its score, in query order."""
        view, numbers = self._view_of(terms, [passage_id], visible)
        tf, parts = scorer.shares(view, self.k1, numbers)
        listed = list(terms)
        found = [(term, listed.index(term), repeats) for term, repeats in Counter(listed).items()]
        return [
            TermScore(
                plain_term(term), int(tf[0, at]), float(view.idf[at]), float(parts[0, at]) * repeats
            )
            for term, at, repeats in found
            if tf[0, at]
        ]

    def holds(self, terms: Sequence[SearchTerm], passage_ids: Sequence[int]) -> Bools:
        """Whether each passage holds each term, bool (passages, terms)."""
        view, numbers = self._view_of(terms, passage_ids)
        tf, _ = scorer.term_frequencies(view, numbers)
        held: Bools = (tf > 0) & (numbers >= 0)[:, None]
        return held

    def contains(self, terms: Sequence[SearchTerm], passage_ids: Sequence[int]) -> list[bool]:
        """For each passage whether it holds every term."""
        held = self.holds(terms, passage_ids)
        return [bool(each.all()) for each in held]

    def frequencies(
        self, terms: Sequence[SearchTerm], visible: VisibleStats | None = None
    ) -> list[int]:
        """In how many passages, or visible ones, each term occurs."""
        found: list[int] = self._view(terms, visible).df.tolist()
        return found

    def words_like(self, pattern: str) -> list[str]:
        """All folded words that fit a pattern with `*`, visible or not: ask `frequencies` of them
        before a caller sees any. Raises ValueError for a pattern without a letter."""
        with self._lock:
            base, segment = self._store.base.words, list(self._store.segment.words.texts())
        return matching_words(pattern, base.text, segment)

    def vocabulary(self, language: str, allowed: Bools | None = None) -> Vocabulary:
        """The words of a language, as far as allowed passages show them."""
        with self._lock:
            return Vocabulary(self._store, self._lock, language, allowed)

    def _view(self, terms: Sequence[SearchTerm], visible: VisibleStats | None = None) -> QueryView:
        plain = [plain_term(each) for each in terms]
        with self._lock:
            store, columns = self._store, self._store.segment.columns
            found = store.term_postings(plain)
            live, longest, segment = store.live, store.longest, store.segment_words(plain)
            whole = visible is None or visible.whole_at == self.generation
        more = with_words(plain, store, segment, columns.length)
        parts, df = [*found.parts, *more], found.df
        if visible is None or whole:
            with self._lock:
                if more:
                    df = df + store.word_frequencies(more)
                idf, norms = store.statistics.weights(df, self.epsilon), self._length_norms()
        else:
            df = visible.frequencies(found.terms, parts)
            idf = visible.weights(df, self.epsilon)
            norms = visible.length_norms(longest, self.k1, self.b)
        weights, optional = weights_of(terms)
        view = QueryView(
            terms=found.terms,
            parts=tuple(parts),
            df=frozen(df),
            idf=frozen(idf * weights),
            optional=frozen(optional),
            live=live,
            visible=live if visible is None or whole else visible.mask,
            norms=norms,
            base_ids=store.base.passages.id,
            more_ids=columns.passage_id,
        )
        return self._narrowed(view, terms)

    def _narrowed(self, view: QueryView, terms: Sequence[SearchTerm]) -> QueryView:
        """The view with the postings of terms `within` a value of a column reduced to these."""
        masks = {
            at: self.mask({each.within[0]: [each.within[1]]})
            for at, each in enumerate(terms)
            if isinstance(each, WeightedTerm) and each.within
        }
        return narrowed(view, masks) if masks else view

    def _view_of(
        self,
        terms: Sequence[SearchTerm],
        passage_ids: Sequence[int],
        visible: VisibleStats | None = None,
    ) -> tuple[QueryView, Longs]:
        with self._lock:
            view, numbers = self._view(terms, visible), self._store.numbers(passage_ids)
        inside = (numbers >= 0) & (numbers < len(view.visible))
        inside[inside] = view.visible[numbers[inside]]
        return view, np.where(inside, numbers, -1)

    def _length_norms(self) -> Floats:
        statistics, longest = self._store.statistics, self._store.longest
        if self._norms[:2] != (statistics.average_length, longest):
            norms = statistics.length_norms(longest, self.k1, self.b)
            self._norms = (statistics.average_length, longest, norms)
        return self._norms[2]


def warm_up() -> None:
    """Compile every kernel, or load it from numba's cache, before traffic comes.

    Runs each path on a tiny index: about 3 s, with the cache filled 1 s.
    """
    first, second = (DocumentEntry(name, {"collection": name}) for name in ("first", "second"))
    words = [("word", 0, 1), ("others", 1, 1)]
    passage = PassageEntry(1, ["en:word", "en:other"], ["word", "others"], words, own_words=2)
    index = BM25Index.build([(first, [passage])])
    index.add(second, [PassageEntry(2, ["en:word"], ["words"], words[:1], own_words=1)])
    phrase = Phrase((("word", "others"),))
    weighted = [WeightedTerm("en:word"), WeightedTerm(phrase), WeightedTerm("~word", 0.1, True)]
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "snapshot", 0)
        opened = BM25Index.open(Path(folder) / "snapshot")
        for each in (index, opened):
            visible = each.visible({"collection": ["first"]})
            each.search(["en:word"], 1, visible.mask, visible)
            each.search_documents(weighted, 1, visible.mask, visible)
            each.search_documents(weighted, 1, each.mask(), words=[range(1), range(1, 2), range(0)])
            each.with_phrase(phrase, visible.mask)
            each.headlines([("wo",)], visible.mask, 1)
            each.score(["en:word"], [1, 2])
            each.holding(["en:word"])
            each.get_scores(["en:word"])
            each.vocabulary("en").count("words")
