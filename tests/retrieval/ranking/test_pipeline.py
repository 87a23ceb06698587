"""The query line over documents that the product's own ingestion indexed, with the real model."""

import unicodedata
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser

from documents.library import trash
from documents.models import Collection, Document
from retrieval.query.filters import filters_for
from retrieval.query.parser import parse_query
from retrieval.query.request import SearchRequest
from retrieval.ranking import pipeline
from retrieval.ranking.retrievers import MODES
from retrieval.ranking.types import Ranking, RankingOptions
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db, pytest.mark.volume]

TIDES = "The spring tide follows the new moon, when sun and moon pull together."
BREAD = "A sourdough starter is fed with flour and water every day."
BIKES = "Clean the chain of the bicycle, then oil every link of it."


def ranked(query: str, **options: object) -> Ranking:
    parsed = parse_query(query)
    filters = filters_for(AnonymousUser(), parsed, SearchRequest(query))
    return pipeline.rank(parsed, filters, RankingOptions(rerank=False, **options))  # type: ignore[arg-type]


def titles(ranking: Ranking) -> list[str]:
    by_id = {str(d.pk): d.title for d in Document.objects.all()}
    return [by_id[document.document_id] for document in ranking.documents]


@pytest.fixture
def three(indexed: Index) -> dict[str, Document]:
    texts = {"Tides": TIDES, "Bread": BREAD, "Bikes": BIKES}
    return {title: indexed(title, text) for title, text in texts.items()}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_finds_the_document_that_answers(mode: str, three: object) -> None:
    assert titles(ranked("spring tide moon", mode=mode))[0] == "Tides"


def test_lexical_mode_finds_only_what_holds_a_word(three: object) -> None:
    assert titles(ranked("bicycles", mode="lexical")) == ["Bikes"]


@pytest.mark.model
def test_dense_mode_finds_by_meaning_without_a_common_word(three: object) -> None:
    assert titles(ranked("baking loaves at home", mode="dense"))[0] == "Bread"


def test_every_retriever_scores_every_candidate_that_it_can(three: object) -> None:
    found = ranked("sourdough").documents

    assert [list(d.passages[0].scores) for d in found] == [
        ["lexical", "dense"],
        ["dense"],
        ["dense"],
    ]


def test_scores_never_rise_down_the_list(three: object) -> None:
    scores = [d.score for d in ranked("moon water chain").documents]

    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("mode", MODES)
def test_phrases_restrict_both_legs(mode: str, three: object) -> None:
    assert titles(ranked('"new moon"', mode=mode)) == ["Tides"]
    assert titles(ranked('"moon new"', mode=mode)) == []
    assert titles(ranked('"when sun and moon"', mode=mode)) == ["Tides"]


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_exclusions_restrict_both_legs(mode: str, three: object) -> None:
    assert set(titles(ranked("day -moon", mode=mode))) == {"Bread", "Bikes"}
    assert set(titles(ranked('day -"new moon" -chain', mode=mode))) == {"Bread"}
    assert set(titles(ranked("day -chain", mode=mode))) == {"Tides", "Bread"}


def test_phrases_of_text_without_spaces_are_checked_in_the_text(indexed: Index) -> None:
    indexed("University", "東京大学は日本の国立大学である。")
    indexed("Scattered", "東京にある大学。京大は京都にある。")
    indexed("Mixed", "日本語版のWindows 11をインストールする。")

    assert titles(ranked('"東京大学"')) == ["University"]
    assert titles(ranked("大学 -東京大学", mode="lexical")) == ["Scattered"]
    assert set(titles(ranked('"大学"'))) == {"University", "Scattered"}
    assert titles(ranked('"Windows 11"')) == titles(ranked('"11をインストール"')) == ["Mixed"]
    assert titles(ranked('"indows 11"')) == []


def test_words_with_combining_marks_are_whole_in_phrases(indexed: Index) -> None:
    indexed("Hindi", "हिन्दी भारत की भाषा है।")
    indexed("Tamil", "तमिल भारत की भाषा है। दी भारत")

    assert titles(ranked('"हिन्दी"')) == titles(ranked('"हिन्दी भारत"')) == ["Hindi"]
    assert titles(ranked("भाषा -हिन्दी", mode="lexical")) == ["Tamil"]
    assert titles(ranked('भाषा -"हिन्दी भारत"', mode="lexical")) == ["Tamil"]
    assert titles(ranked('"दी भारत"')) == ["Tamil"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_accent_is_the_same_as_one_character_or_two(form: Any, indexed: Index) -> None:
    composed = "Über das Café Größenwahn"
    indexed("Composed", unicodedata.normalize("NFC", composed))
    indexed("Decomposed", unicodedata.normalize("NFD", composed))
    indexed("Plain", "The cafe of Größenwahn.")

    def typed(words: str) -> str:
        return unicodedata.normalize(form, words)

    assert set(titles(ranked(typed('"café größenwahn"')))) == {"Composed", "Decomposed"}
    assert titles(ranked(typed('cafe -"das café"'), mode="lexical")) == ["Plain"]
    assert set(titles(ranked('"das cafe"'))) == {"Composed", "Decomposed"}


def test_stop_words_ask_and_exclude_as_any_word_does(three: object, indexed: Index) -> None:
    indexed("Hamlet", "Someone asks: to be or not to be?")

    assert set(titles(ranked("day -and"))) == {"Bikes", "Hamlet"}
    assert titles(ranked('"to be or not to be"')) == ["Hamlet"]
    assert "Hamlet" not in titles(ranked('day -"to be or not to be"'))


def test_a_phrase_is_found_across_passages_of_one_document(indexed: Index) -> None:
    words = " ".join(f"filler{n}." for n in range(400))
    indexed("Long", f"{words} the crimson lighthouse stands. {words}")

    assert titles(ranked('"crimson lighthouse"')) == ["Long"]
    assert titles(ranked('"crimson lighthouse" -filler399')) == []


def test_operators_for_type_collection_and_title(three: object) -> None:
    assert titles(ranked("every title:bread")) == ["Bread"]
    assert titles(ranked("every title:brea*")) == ["Bread"]
    assert titles(ranked("every title:flour")) == titles(ranked("every title:flou*")) == []
    assert titles(ranked("every collection:nowhere")) == []
    assert set(titles(ranked("every type:txt"))) >= {"Bread", "Bikes"}
    assert titles(ranked("every type:pdf")) == []


def test_operators_alone_list_what_they_let_pass_newest_first(three: object) -> None:
    assert titles(ranked("type:txt")) == ["Bikes", "Bread", "Tides"]
    assert titles(ranked("type:txt -moon")) == ["Bikes", "Bread"]
    assert titles(ranked("title:bread")) == ["Bread"]
    assert titles(ranked("")) == []


def test_an_exact_identifier_puts_its_documents_first(indexed: Index) -> None:
    indexed("Errors", "Error handling: an error means the error log shows errors. Error 4711.")
    holder = indexed("Runbook", "If the pump stops with ERR_4711, close valve two and wait.")
    indexed("Other code", "ERR_4712 is about a pump error, a pump error in the pump.")

    assert titles(ranked("what does pump error ERR_4711 mean"))[0] == holder.title
    assert "Runbook" in titles(ranked("4711", mode="lexical"))


def test_identifiers_stay_first_after_reranking(indexed: Index, monkeypatch: object) -> None:
    class Contrary:
        name = fingerprint = "contrary"
        depth, weight = 20, 0.5

        def reads_whole(self, query: str) -> bool:
            return True

        def score(self, query: str, texts: list[str], weigh: object) -> list[float]:
            return [-1.0 if "ERR_4711" in text else 1.0 for text in texts]

    monkeypatch.setattr("retrieval.rerankers.load_reranker", Contrary)  # type: ignore[attr-defined]
    indexed("Errors", "Error handling: an error means the error log shows errors.")
    indexed("Runbook", "If the pump stops with ERR_4711, close valve two and wait.")
    parsed = parse_query("pump error ERR_4711")
    filters = filters_for(AnonymousUser(), parsed, SearchRequest("x"))

    assert titles(pipeline.rank(parsed, filters, RankingOptions()))[0] == "Runbook"


def test_a_deleted_document_is_found_by_none(three: dict[str, Document]) -> None:
    trash.purge_documents([three["Tides"]])

    assert "Tides" not in titles(ranked("spring tide moon"))


def test_what_a_caller_may_not_see_changes_nothing_found(indexed: Index, three: object) -> None:
    secret = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    indexed("Hidden tide", TIDES, into=secret)

    assert "Hidden tide" not in titles(ranked("spring tide moon"))


@pytest.mark.parametrize("query", ["", "   ", "-moon", '"', "the of and", "🌊", "\x00", "潮"])
def test_strange_queries_are_no_errors(query: str, three: object) -> None:
    assert all(np.isfinite(d.score) for d in ranked(query).documents)
