"""All documents that match a query, and their shares of its words, against a naive count."""

from math import log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index
from tests.properties import examples

WORDS = "abcdef"
passages = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)
documents = st.lists(st.lists(passages, min_size=1, max_size=3), min_size=2, max_size=8)
queries = st.lists(st.sampled_from(WORDS + "z"), min_size=1, max_size=5, unique=True)


def an_index(texts: list[list[list[str]]], at_rest: int) -> BM25Index:
    """Documents "0", "1", … of two groups, the first of them at rest and the others in memory."""
    entries = [
        (
            DocumentEntry(str(n), {"group": n % 2}),
            [PassageEntry(10 * n + at, words) for at, words in enumerate(texts[n])],
        )
        for n in range(len(texts))
    ]
    index = BM25Index.build(entries[:at_rest])
    for document, own in entries[at_rest:]:
        index.add(document, own)
    return index


@examples(200)
@given(documents, queries, st.integers(0, 8), st.integers(0, 8), st.booleans())
def test_all_documents_with_a_word_are_counted_with_their_share_of_its_weight(
    texts: list[list[list[str]]], query: list[str], at_rest: int, gone: int, one_group: bool
) -> None:
    index = an_index(texts, at_rest)
    index.remove(str(gone))
    visible = index.visible({"group": [1]} if one_group else {})
    places = [range(n, n + 1) for n in range(len(query))]
    found = index.search_documents(query, 2, visible.mask, visible, places)

    seen = [n for n in range(len(texts)) if n != gone and (n % 2 or not one_group)]
    held = {n: {word for words in texts[n] for word in words} for n in seen}
    every = [set(words) for n in seen for words in texts[n]]
    df = {word: sum(word in words for words in every) for word in query}
    weight = {
        word: log1p((len(every) - df[word] + 0.5) / (df[word] + 0.5)) if df[word] else 0
        for word in query
    }
    expected = {
        n: sum(weight[word] for word in query if word in held[n]) / sum(weight.values())
        for n in seen
        if held[n] & set(query)
    }
    assert found.documents == len(expected)
    assert found.words == sum(df[word] > 0 for word in query)
    shares = dict(zip((found.passage_ids // 10).tolist(), found.shares.tolist(), strict=True))
    assert shares == pytest.approx(expected)
    best = index.search(query, 99, visible.mask, visible).hits
    scores = {n: max(h.score for h in best if h.passage_id // 10 == n) for n in expected}
    kept = dict(zip((found.passage_ids // 10).tolist(), found.scores.tolist(), strict=True))
    assert kept == pytest.approx(scores)


def test_a_form_that_joins_words_stands_for_all_of_them() -> None:
    index = an_index([[["wi", "fi"]], [["wifi"]], [["wi"]], [["fi"]], [["x"]]], 3)
    query, places = ["wi", "wifi", "fi", "x"], [range(1), range(2), range(1, 2), range(2, 3)]
    found = index.search_documents(query, 9, words=places)
    shares = dict(zip((found.passage_ids // 10).tolist(), found.shares.tolist(), strict=True))

    assert shares[0] == shares[1] == pytest.approx(shares[2] + shares[3])
    assert shares[0] + shares[4] == pytest.approx(1)


def test_a_document_is_found_again_by_its_key_until_it_is_gone() -> None:
    index = an_index([[["a"]], [["a"], ["b"]], [["b"]], [["a"]]], 2)
    found = index.search_documents(["b"], 9)
    keys = index.document_keys(found.numbers)
    assert sorted(index.first_passages(index.live_documents(keys)).tolist()) == [10, 20]

    index.add(DocumentEntry("1", {"group": 0}), [PassageEntry(77, ["b"])])
    index.remove("2")
    live = index.live_documents(keys)
    assert index.first_passages(live[live >= 0]).tolist() == [77]
    assert index.documents_pass(live[live >= 0], {"group": [0]}).tolist() == [True]
    assert index.documents_of([77, 20, 5]).tolist()[0] == live.max()
    codes, values = index.column("group", live[live >= 0])
    assert [values[code] for code in codes] == [0]
