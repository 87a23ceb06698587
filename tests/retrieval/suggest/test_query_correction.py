"""Words that stand in no document are corrected, in every mode."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from documents.models import Collection
from retrieval.search import SearchRequest, SearchResponse, search_documents
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db, pytest.mark.volume]


@pytest.fixture
def shelf(indexed: Index) -> None:
    indexed("Rules", "Quarantine for dogs lasts a week. The emerald cabinet of the duchess.")
    indexed("Tea", "Tea without milk, and a gasket for the kettle.")
    indexed("Haus", "Die Krankenversicherung zahlt.", language="de")
    indexed("Дом", "Футбольный матч перенесли.", language="ru")
    indexed("Walls", "A wallpaper with a football. Meyer hung it, says Meier.")


def found(query: str, mode: str = "hybrid", correct: bool = True) -> SearchResponse:
    request = SearchRequest(query, mode, rerank=False, correct=correct)
    return search_documents(AnonymousUser(), request)


@pytest.mark.parametrize("mode", ["lexical", "hybrid", "dense"])
@pytest.mark.parametrize(
    ("typed", "meant", "title"),
    [
        ("quarentine", "quarantine", "Rules"),
        ("emerlad cabnet", "emerald cabinet", "Rules"),
        ("duchss cabinet", "duchess cabinet", "Rules"),
        ("Krankenversichrung", "krankenversicherung", "Haus"),
        ("футболный матч", "футбольныи матч", "Дом"),
    ],
)
def test_an_unknown_word_is_corrected_in_every_mode(
    shelf: None, mode: str, typed: str, meant: str, title: str
) -> None:
    page = found(typed, mode)

    assert (page.corrected, page.query) == (True, typed)
    assert page.suggestion is not None and page.suggestion[:6] == meant[:6]
    assert [*page.results, *page.related][0].document.title == title


def test_the_search_as_it_is_typed_is_offered_and_made(shelf: None, client: Client) -> None:
    as_typed = found("quarentine", correct=False)
    assert (as_typed.corrected, as_typed.suggestion) == (False, "quarantine")

    page = client.get("/", {"q": "quarentine"}).content.decode()
    assert 'href="/?q=quarentine&amp;correct=false"' in page
    page = client.get("/", {"q": "quarentine", "correct": "false"}).content.decode()
    assert "Did you mean" in page


@pytest.mark.parametrize(
    "typed",
    [
        "tea",  # known
        '"quarentine"',  # quoted
        "rules -quarentine",  # excluded
        "AB-4711 gasket",  # an identifier
        "tea -without",  # an emptiness that the exclusion made
        "quarentine -quarantine",
        "gask",  # unfinished
        "wall paper",  # joined by a document
        "foot ball",
        "gasketkettle",  # far from both
        "Meier",
        "mea",  # not `tea`: a short word
        "weeg",
    ],
)
def test_what_is_meant_as_it_stands_is_not_corrected(shelf: None, typed: str) -> None:
    assert not found(typed).corrected
    assert not found(typed, "lexical").corrected


def test_a_first_result_that_is_strong_needs_no_suggestion(indexed: Index) -> None:
    for number in range(40):
        indexed(f"Letter {number}", "Meyer wrote.")
    indexed("Meier", "Meier wrote.")

    assert found("Meier", "lexical").suggestion is None


def test_words_that_only_others_may_see_do_not_correct(indexed: Index) -> None:
    hidden = Collection.objects.create(name="Hidden", slug="hidden", visibility="restricted")
    indexed("Secret", "The zymurgy of the board.", into=hidden)
    indexed("Open", "Something else.")

    page = found("zymrugy")

    assert (page.corrected, page.suggestion) == (False, None)


def test_a_correction_stands_in_what_the_filters_let_pass(indexed: Index) -> None:
    indexed("One", "The harbour.", type="pdf")
    indexed("Other", "The garden.", type="txt")

    assert found("harbuor type:txt").suggestion is None
    assert found("harbuor type:pdf").corrected


def test_no_other_first_letter_at_two_edits(indexed: Index) -> None:
    indexed("One", "The mountains are high.")

    assert not found("fuuntains").corrected
    assert found("muuntanis").corrected
