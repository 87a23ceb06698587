"""A ranking as plain values and back, through JSON."""

import json
import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.messages import SENTENCES, Message
from retrieval.lexical import AnyWord, Phrase, WeightedTerm
from retrieval.query.terms import QueryTerms, QueryWord
from retrieval.ranking.matches import MatchedDocuments
from retrieval.ranking.types import DocumentScore, PassageScore, RankedScore, Ranking
from retrieval.search.ranking_json import as_plain, from_plain
from search_project.cache_serializer import JSONCacheSerializer
from tests.properties import examples

number, rank = st.floats(-1e6, 1e6), st.integers(1, 999)
scores = st.builds(RankedScore, number, st.none() | rank)
passages = st.builds(
    PassageScore, st.integers(1, 2**40), number, st.dictionaries(st.text(max_size=5), scores)
)
documents = st.builds(
    DocumentScore, st.uuids().map(str), number, number, rank,
    st.lists(passages, min_size=1, max_size=4).map(tuple), st.none() | number,
    st.none() | rank, st.integers(0, 9), number, pinned=st.booleans(), pin_boost=number,
)  # fmt: skip
texts = st.lists(st.text(), max_size=3).map(tuple)
terms = st.one_of(
    st.text(),
    st.builds(Phrase, st.lists(texts, max_size=2).map(tuple)),
    st.builds(AnyWord, st.text(), texts),
)
scopes = st.none() | st.tuples(st.sampled_from(["collection"]), st.integers(1, 9))
weighted = st.builds(
    WeightedTerm,
    terms,
    number,
    st.booleans(),
    st.integers(1, 9),
    scopes,
    st.text(max_size=9),
)
words = st.builds(QueryWord, st.text(), st.lists(weighted, max_size=3).map(tuple))
queries = st.builds(QueryTerms, st.lists(words, max_size=3).map(tuple))
codes = st.sampled_from(sorted(SENTENCES))
reasons = st.builds(Message, codes, st.dictionaries(st.text(max_size=5), number | st.text()))
messages = st.lists(
    st.builds(Message, codes, st.dictionaries(st.text(max_size=5), reasons | number)), max_size=2
).map(tuple)
matches = st.builds(MatchedDocuments, st.binary(max_size=4).map(lambda b: 8 * b), st.booleans())
rankings = st.builds(
    Ranking, queries, st.lists(documents, max_size=4).map(tuple), st.booleans(), st.booleans(),
    st.integers(0, 50), st.dictionaries(st.text(max_size=5), number), matches, messages,
)  # fmt: skip


@examples(50)
@given(rankings)
def test_a_ranking_comes_back_from_json_as_it_was(ranking: Ranking) -> None:
    assert from_plain(json.loads(json.dumps(as_plain(ranking)))) == ranking


@pytest.mark.parametrize("other", [{}, {"terms": [], "documents": [{}], "warnings": []}, []])
def test_another_form_is_an_error(other: object) -> None:
    with pytest.raises((KeyError, TypeError)):
        from_plain(other)  # type: ignore[arg-type]


def test_a_list_of_a_hundred_documents_takes_less_than_fifteen_kilobytes() -> None:
    numbers = random.Random(4)

    def passage(n: int) -> PassageScore:
        scores = {
            "lexical": RankedScore(numbers.random() * 9, n),
            "dense": RankedScore(numbers.random()),
        }
        return PassageScore(numbers.getrandbits(20), numbers.random(), scores)

    listed = tuple(
        DocumentScore(
            str(UUID(int=numbers.getrandbits(128))), numbers.random(), numbers.random(), n,
            tuple(passage(n) for _ in range(1 + n % 2)),
        )
        for n in range(1, 101)
    )  # fmt: skip
    asked = QueryTerms(tuple(
        QueryWord(word, (WeightedTerm(f"en:{word}"), WeightedTerm(f"~{word}", 0.2)))
        for word in ("tide", "moon")
    ))  # fmt: skip
    ranking = Ranking(asked, listed, True, False, 0, {"total": 12.5}, MatchedDocuments())
    packed = JSONCacheSerializer().dumps(as_plain(ranking))

    assert isinstance(packed, bytes) and len(packed) < 15_000
