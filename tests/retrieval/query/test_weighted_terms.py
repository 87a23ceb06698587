"""From the words of a query to weighted terms."""

from retrieval.hits import DocumentEntry
from retrieval.lexical import AnyWord, BM25Index, Phrase
from retrieval.query.terms import MOST_EXPANDED, QueryTerms, query_terms
from retrieval.query.word_index import WordIndex
from tests.retrieval.rows import passage_entry

TEXT = "The harbour of the quarantine office has wifi and a page number."


def terms(query: str, *patterns: str, languages: tuple[str, ...] = ("en",)) -> QueryTerms:
    index = BM25Index.build([(DocumentEntry("1"), [passage_entry(1, TEXT)])])
    words = WordIndex(index, index.visible({}), languages)
    return query_terms(query, languages, words, patterns)


def test_a_word_is_looked_for_by_its_stem_and_for_less_by_itself() -> None:
    (word,) = terms("harbours").words
    assert [each.term for each in word.terms[:2]] == ["en:harbour", "~harbours"]
    assert word.terms[0].weight > word.terms[1].weight > 0


def test_identifiers_and_words_count_once_whatever_the_languages() -> None:
    plain = terms("ERR_4711", languages=("en", "de", "fr")).plain
    assert len(plain) == len(set(plain))
    assert "=err_4711" in plain and "~err4711" in plain


def test_stop_words_only_add_where_others_tell_something() -> None:
    assert [word.is_optional for word in terms("the harbour of").words] == [True, False, True]
    assert not any(word.is_optional for word in terms("to be or not").words)
    assert not any(word.is_optional for word in terms("the zeppelin").words)


def test_optional_terms_come_last_and_stems_first() -> None:
    found = terms("the harbour of quarantine").search
    optional = [getattr(each, "optional", False) for each in found]
    assert optional == sorted(optional) and any(optional)
    assert str(getattr(found[0], "term", "")).startswith("en:")


def test_the_last_word_may_be_unfinished() -> None:
    assert _any_words(terms("office quaran")) == [("quarantine",)]
    assert _any_words(terms("quaran office")) == []
    assert _any_words(terms("harbour")) == []  # it is known


def test_a_pattern_stands_for_the_words_that_fit() -> None:
    assert _any_words(terms("harbour", "h*r")) == []
    assert _any_words(terms("har office", "har*")) == [("harbour",)]


def test_words_are_looked_for_as_one_where_a_document_joins_them() -> None:
    assert "~wifi" in terms("wi fi").plain
    assert "~pagenumber" not in terms("page number").plain


def test_an_unknown_word_is_taken_apart_where_both_parts_are_known() -> None:
    assert _phrases(terms("pagenumber office")) == [Phrase((("page", "number"),))]


def test_only_the_first_words_of_a_long_query_are_taken_apart() -> None:
    assert _phrases(terms("zeppelin " * MOST_EXPANDED + "pagenumber office")) == []


def test_a_query_without_words_has_no_terms() -> None:
    assert not terms("?! …") and not terms("")


def _any_words(found: QueryTerms) -> list[tuple[str, ...]]:
    return [
        each.term.words for word in found.words for each in word.terms
        if isinstance(each.term, AnyWord)
    ]  # fmt: skip


def _phrases(found: QueryTerms) -> list[Phrase]:
    return [
        each.term for word in found.words for each in word.terms if isinstance(each.term, Phrase)
    ]
