"""Suggestions while a query is typed, within what the caller may see."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from documents.models import Collection
from retrieval.suggest.completion import autocomplete
from retrieval.suggest.continuations import continuations
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()

pytestmark = pytest.mark.django_db(transaction=True)


def test_words_go_on_as_documents_do_the_commonest_first(indexed: Index) -> None:
    indexed("One", "The harbour master. Harvest moon.")
    indexed("Two", "A harbour at night.")
    words = ["harbour", "harvest", "harbour master", "harvest moon", "harbour at night"]
    assert autocomplete(ANYONE, "har").queries == words
    assert autocomplete(ANYONE, "the Harb").queries == ["the harbour", "the harbour master"]
    assert autocomplete(ANYONE, "h").queries == autocomplete(ANYONE, "har ?").queries == []


def test_a_phrase_goes_on_as_it_does_somewhere(indexed: Index) -> None:
    for n, follows in enumerate(["tide tables", "tide tables", "tide", "cleaning"]):
        indexed(f"{n}", f"Note {n} on the spring {follows}. A spring is a season, too.")
    indexed("Headed", "# Spring tide warning\n\nNobody leaves the port.")
    assert autocomplete(ANYONE, "spring ").queries == [
        "spring tide", "spring is a season", "spring tide tables", "spring cleaning",
    ]  # fmt: skip
    assert autocomplete(ANYONE, "spring t").queries == ["spring tide", "spring tide tables"]
    assert autocomplete(ANYONE, "the spring cl").queries == ["the spring cleaning"]
    assert autocomplete(ANYONE, "spring").queries[0].startswith("spring ")


def test_a_further_word_stands_in_the_same_document_as_those_before(indexed: Index) -> None:
    indexed("One", "The spring tide follows the new moon.")
    indexed("Two", "A ticket for the ferry. Timetables.")
    assert autocomplete(ANYONE, "spring ti").queries == ["spring tide", "spring tide follows"]
    assert autocomplete(ANYONE, "ferry ti").queries == ["ferry ticket", "ferry timetables"]


def test_titles_are_found_by_the_beginnings_of_their_words(indexed: Index) -> None:
    tides = indexed("Tides in the outer basin", "Water.")
    indexed("The outer buoys", "More water.")
    found = autocomplete(ANYONE, "out ti").titles
    assert [(t.title, t.url) for t in found] == [(tides.title, tides.get_absolute_url())]
    assert autocomplete(ANYONE, "outer' | !x:* bu").titles == []
    shown = [t.title for t in autocomplete(ANYONE, "the out").titles]
    assert shown == ["The outer buoys", "Tides in the outer basin"]


def test_nothing_is_suggested_from_what_the_caller_may_not_see(indexed: Index) -> None:
    hidden = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    indexed("Tides", "The smokehouse.")
    indexed("Smugglers", "Smugglers meet at the smithy.", into=hidden)
    assert autocomplete(ANYONE, "sm").queries == ["smokehouse"]
    nothing = autocomplete(ANYONE, "smug")
    assert not nothing.titles and not nothing.queries
    assert (
        autocomplete(ANYONE, "the smithy ").queries
        == autocomplete(ANYONE, "meet at ").queries
        == []
    )
    assert autocomplete(ANYONE, "smugglers m").queries == []
    staff = User.objects.create_superuser("root")
    assert autocomplete(staff, "sm").queries[:3] == ["smithy", "smokehouse", "smugglers"]
    assert autocomplete(staff, "smugglers m").queries[0] == "smugglers meet"
    assert [t.title for t in autocomplete(staff, "smug").titles] == ["Smugglers"]


def test_words_that_are_common_elsewhere_crowd_out_none_that_the_caller_may_see(
    indexed: Index,
) -> None:
    hidden = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    for n in range(2):
        many = " ".join(
            f"sm{a}{b}x" for a in "abcdefghijklmnopqrst" for b in "abcdefghijklmnopqrst"
        )
        indexed(f"{n}", many, into=hidden)
    assert autocomplete(ANYONE, "sm").queries == []
    indexed("Tides", "The smokehouse.")
    assert autocomplete(ANYONE, "sm").queries == ["smokehouse"]


def test_they_come_over_rest(indexed: Index) -> None:
    tides = indexed("Tides", "The tide table.")
    answer = Client().get("/api/v1/autocomplete", {"q": "ti"}).json()
    assert answer["queries"] == ["tides", "tide table"]
    assert Client().get("/api/v1/autocomplete", {"q": "tide "}).json()["queries"] == ["tide table"]
    assert [t["id"] for t in answer["titles"]] == [str(tides.pk)]
    assert Client().get("/api/v1/autocomplete").status_code == 400


def continued(text: str, typed: str, prefix: str = "") -> list[str]:
    return continuations([text], typed.split(), prefix, {"of", "the", "is"})


def test_phrases_stay_within_a_sentence_and_end_with_a_telling_word() -> None:
    assert continued("Board of the port. It meets.", "board") == ["of the port"]
    assert continued("Board of the\nouter port", "board") == ["of the outer", "of the outer port"]
    assert continued("The board is the\n\nport", "board") == []
    assert continued("A keyboard of wood", "board") == continued("board", "board") == []
    assert continued("Well-known facts", "", "well") == ["well-known facts"]


def test_where_nothing_stands_as_typed_the_last_words_decide() -> None:
    text = "New harbour dues. Old harbour walls. Harbour seals."
    assert continued(text, "old harbour") == ["walls"]
    assert continued(text, "small harbour") == ["dues", "seals", "walls"]
    assert continued(text, "small harbour", "se") == ["seals"]


one_word = st.text().map(lambda text: "".join(text.split()))


@given(
    st.lists(st.text(max_size=80), max_size=3), st.lists(st.text(max_size=8), max_size=3), one_word
)
def test_any_text_can_be_gone_on_with(texts: list[str], before: list[str], prefix: str) -> None:
    words = [word for word in before if word]
    for phrase in continuations(texts, words, prefix, set()) if words or prefix else []:
        assert phrase.startswith(prefix)
