"""A document whose title is the query stands first."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import Settings

from documents.models import Collection, Document
from retrieval.search import SearchRequest, SearchResponse, search_documents

pytestmark = [pytest.mark.django_db, pytest.mark.volume]

Index = Callable[..., Document]


def found(query: str, mode: str) -> SearchResponse:
    return search_documents(AnonymousUser(), SearchRequest(query, mode, rerank=False, explain=True))


def titles(query: str, mode: str) -> list[str]:
    return [result.document.title for result in found(query, mode).results]


@pytest.mark.parametrize("mode", ["lexical", "hybrid", "dense"])
def test_it_does_so_in_every_mode_before_documents_that_say_it_more_often(
    indexed: Index, mode: str
) -> None:
    indexed("Parental leave policy", "Twenty weeks with full pay.")
    indexed("Policy of parental leave", "Parental leave policy. " * 9)
    indexed("Parental leave policy, old", "Parental leave policy. " * 9)

    page = found("parental LEAVE policy", mode)

    assert page.results[0].document.title == "Parental leave policy"
    assert page.results[0].relevance == "strong"
    assert [r.explanation.titled for r in page.results if r.explanation] == [True, False, False]


@pytest.mark.parametrize("mode", ["lexical", "hybrid", "dense"])
def test_it_need_not_be_among_the_candidates_of_the_retrievers(
    indexed: Index, mode: str, settings: Settings
) -> None:
    settings.RETRIEVER_TOP_K = 2
    indexed("Bees", "Insects " + "that fly and make wax in the summer of the year " * 3)
    for number in range(4):
        indexed(f"Hive {number}", "bees bees bees")

    assert titles("bees", mode)[0] == "Bees"


@pytest.mark.parametrize(
    ("title", "filename", "query"),
    [
        ("Amcor", "AMCOR_2020_10K.pdf", "amcor 2020 10K"),
        ("Amcor", "AMCOR_2020_10K.pdf", "AMCOR_2020_10K.pdf"),
        ("Straßenbahn für Köln", "", "strassenbahn fuer koeln"),
        ("Wi-Fi guide", "", "wifi guide"),
        ("Жизнь и судьба", "", "жизнь и судьба"),
        ("水", "", "水"),
        ("To be or not to be", "", "to be or not to be"),
        ("Côte d\u2019Azur", "", "cote d'azur"),
    ],
)
def test_titles_and_names_of_files_compare_word_by_word(
    indexed: Index, collection: Collection, title: str, filename: str, query: str
) -> None:
    indexed(title, "Something else altogether.", filename=filename, language="de")
    for number in range(3):
        indexed(f"Other {number}", f"{title} {filename} {query} {query}", language="de")

    assert titles(query, "lexical")[0] == title


def test_a_part_of_a_title_is_not_the_title(indexed: Index) -> None:
    indexed("Annual report 2024", "Once.")
    indexed("Figures", "annual report, annual report, annual report")

    (first, second) = found("annual report", "lexical").results

    assert {first.document.title, second.document.title} == {"Annual report 2024", "Figures"}
    assert [r.explanation.titled for r in (first, second) if r.explanation] == [False, False]


def test_the_title_counts_more_than_an_exact_identifier(indexed: Index) -> None:
    indexed("ERR-4711", "What to do.")
    indexed("Log", "ERR-4711 ERR-4711 ERR-4711")

    assert titles("ERR-4711", "lexical") == ["ERR-4711", "Log"]


def test_what_the_filters_leave_out_is_not_brought_back(
    indexed: Index, collection: Collection
) -> None:
    indexed("Quarantine", "Secret.", type="pdf")
    indexed("Rules", "quarantine for dogs")

    assert titles("quarantine -type:pdf", "hybrid") == ["Rules"]
    assert titles("quarantine -secret", "hybrid") == ["Rules"]
