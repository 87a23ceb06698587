"""Scores over what a caller may see, against the unmodified rank_bm25 over exactly these passages,
and against an index that never held the others."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index, VisibleStats
from retrieval.suggest.spelling import spelling_suggestions
from tests.properties import examples
from tests.retrieval.lexical.test_rank_bm25_compat import CLOSE

SEEN, HIDDEN = "seen", "hidden"
TERMS = [f"en:{word}" for word in ("tide", "tides", "moon", "noon", "harbour", "port", "the", "a")]

terms = st.sampled_from(TERMS)
texts = st.lists(st.lists(terms, max_size=10), max_size=3)
names = st.integers(0, 5)
changes = st.one_of(
    st.tuples(st.just("add"), names, st.sampled_from([SEEN, HIDDEN]), texts),
    st.tuples(st.just("remove"), names),
    st.tuples(st.just("save and open")),
)
queries = st.lists(st.sampled_from([*TERMS, "en:unknown"]), max_size=6)

Change = tuple[str] | tuple[str, int] | tuple[str, int, str, list[list[str]]]
Passages = dict[int, list[str]]


class Trial:
    """An index after some changes, and one that was told of no hidden document."""

    def __init__(self, folder: Path, steps: Sequence[Change]) -> None:
        self.whole, self.alone = BM25Index.build([]), BM25Index.build([])
        self.held: dict[str, tuple[str, Passages]] = {}
        for number, change in enumerate(steps):
            match change:
                case ("add", name, collection, found):
                    passages = {100 * number + at: text for at, text in enumerate(found)}
                    self._add(str(name), str(collection), passages)
                case ("remove", name):
                    self._remove(str(name))
                case _:
                    self.whole.save(folder / str(number))
                    self.whole = BM25Index.open(folder / str(number))

    def _add(self, name: str, collection: str, passages: Passages) -> None:
        self.alone.remove(name)
        document = DocumentEntry(name, {"collection": collection})
        entries = [PassageEntry(pk, text, [word[3:] for word in text])
                   for pk, text in passages.items()]  # fmt: skip
        self.whole.add(document, entries)
        if collection == SEEN:
            self.alone.add(document, entries)
        self.held[name] = (collection, passages)

    def _remove(self, name: str) -> None:
        self.held.pop(name, None)
        self.alone.remove(name)
        self.whole.remove(name)

    @property
    def visible(self) -> VisibleStats:
        return self.whole.visible({"collection": [SEEN]})

    def passages(self, collection: str) -> Passages:
        held = [passages for owner, passages in self.held.values() if owner == collection]
        return {pk: text for passages in held for pk, text in passages.items()}


def library_scores(passages: Passages, query: list[str]) -> dict[int, float]:
    if not any(passages.values()):
        return dict.fromkeys(passages, 0.0)
    return dict(zip(passages, BM25Okapi(list(passages.values())).get_scores(query), strict=True))


@examples(50)  # each saves and syncs to disk
@given(st.lists(changes, max_size=12), queries)
def test_scores_are_the_library_s_over_the_visible_passages_alone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Change], query: list[str]
) -> None:
    trial = Trial(tmp_path_factory.mktemp("index"), steps)
    index, visible, seen = trial.whole, trial.visible, trial.passages(SEEN)
    expected = library_scores(seen, query)
    found = index.score(query, list(seen), visible)
    np.testing.assert_allclose(found, list(expected.values()), **CLOSE)
    for hit in index.search(query, 99, visible.mask, visible).hits:
        parts = [part.score for part in index.explain(query, hit.passage_id, visible)]
        assert hit.score == pytest.approx(expected[hit.passage_id], rel=1e-9, abs=1e-12)
        assert hit.score == pytest.approx(sum(parts), rel=1e-9, abs=1e-12)
    hidden = trial.passages(HIDDEN)
    assert index.score(query, list(hidden), visible) == [0.0] * len(hidden)
    assert [index.explain(query, passage, visible) for passage in hidden] == [[]] * len(hidden)


@examples(50)
@given(st.lists(changes, max_size=12), queries, st.integers(0, 9))
def test_hidden_passages_change_no_bit_of_what_is_answered(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Change], query: list[str], k: int
) -> None:
    trial = Trial(tmp_path_factory.mktemp("index"), steps)
    whole, alone, visible = trial.whole, trial.alone, trial.visible
    assert whole.search(query, k, visible.mask, visible) == alone.search(query, k)
    assert whole.search(query, k, None, visible) == alone.search(query, k)
    assert whole.idfs(query, visible) == alone.idfs(query)
    assert (visible.passages, visible.average_length) == (alone.passage_count, alone.avgdl)
    assert visible.average_idf == alone.average_idf
    for slip in ("tidd", "moom", "harbuor", "pert"):
        assert (spelling_suggestions(slip, whole, visible.mask, ["en"])
                == spelling_suggestions(slip, alone, None, ["en"]))  # fmt: skip


def two_collections() -> BM25Index:
    """Passages 1 and 2 in one collection, 11 and 12 in another."""
    return BM25Index.build(
        (DocumentEntry(str(pk), {"collection": name}), [PassageEntry(pk, text.split())])
        for pk, name, text in [
            (1, SEEN, "tide moon"), (2, SEEN, "port"), (11, HIDDEN, "tide"), (12, HIDDEN, "tide"),
        ]
    )  # fmt: skip


def test_what_is_counted_is_kept_until_the_index_changes() -> None:
    index = two_collections()
    seen = index.visible({"collection": [SEEN]})
    assert index.visible({"collection": {SEEN}}) is seen
    assert index.visible({"collection": [SEEN, HIDDEN]}) is not seen
    before = index.score(["port"], [2], seen)
    assert index.score(["port"], [2], seen) == before
    index.add(DocumentEntry("3", {"collection": SEEN}), [PassageEntry(3, ["moon"])])
    after = index.visible({"collection": [SEEN]})
    assert (seen.passages, after.passages) == (2, 3)
    assert index.score(["port"], [2], after) > before


def test_statistics_of_an_earlier_moment_hold_to_it() -> None:
    index = two_collections()
    seen = index.visible({"collection": [SEEN]})
    everything = index.visible()
    before = [index.search(["tide"], 9, None, each) for each in (seen, everything)]
    index.add(DocumentEntry("3", {"collection": SEEN}), [PassageEntry(3, ["tide"] * 40)])
    assert [index.search(["tide"], 9, None, each) for each in (seen, everything)] == before
    assert index.score(["tide"], [3], seen) == [0.0]


def test_a_word_of_half_the_passages_tells_nothing_and_an_unknown_one_the_most() -> None:
    index = two_collections()
    half, unknown = index.idfs(["tide", "zeppelin"], index.visible({"collection": [SEEN]}))
    assert half == 0.0 < unknown


def test_filters_choose_hits_and_leave_scores_as_they_are() -> None:
    index = two_collections()
    everything, few = index.visible(), index.mask({"collection": [SEEN]})
    (hit,) = index.search(["tide"], 9, few, everything).hits
    assert hit in index.search(["tide"], 9).hits
    assert hit not in index.search(["tide"], 9, few, index.visible({"collection": [SEEN]})).hits
