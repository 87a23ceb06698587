"""Suggestions while a query is typed, within what the caller may see."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from documents.models import Collection, CollectionMember
from documents.models.permissions import Caller
from retrieval.models import Click
from retrieval.suggest import Suggestion, SuggestionKind, autocomplete, spelling
from tests.retrieval.conftest import Index, publish

ANYONE = AnonymousUser()

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]


def texts(typed: str, user: Caller = ANYONE, kind: SuggestionKind | None = None) -> list[str]:
    return [each.text for each in autocomplete(user, typed) if kind in (None, each.kind)]


def bold(suggestion: Suggestion) -> str:
    """The text with what is typed of it in brackets."""
    text = suggestion.text
    for start, end in reversed(suggestion.typed):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def test_whole_titles_are_suggested_by_the_beginning_of_any_word(indexed: Index) -> None:
    tides = indexed("Tides in the outer Basin", "Water.")
    indexed("The outer buoys", "More water.")
    found = autocomplete(ANYONE, "bas")
    assert [(each.kind, bold(each), each.url, each.collection) for each in found] == [
        (SuggestionKind.TITLE, "Tides in the outer [Bas]in", tides.get_absolute_url(), "Handbook")
    ]
    assert texts("out ti") == ["Tides in the outer Basin"]
    assert texts("b") == texts("zz") == texts("") == texts("buoy basin") == []


def test_titles_that_begin_as_typed_come_first_then_early_places_then_opened_ones(
    indexed: Index,
) -> None:
    indexed("A guide to pumps", "One.")
    indexed("Guide for divers", "Two.")
    often = indexed("Guide for anglers", "Three.")
    indexed("The guide of guides", "Four.")
    Click.objects.create(query="x", document=often, position=1)

    assert texts("gui") == [
        "Guide for anglers", "Guide for divers", "A guide to pumps", "The guide of guides",
    ]  # fmt: skip
    assert texts("guide f") == ["Guide for anglers", "Guide for divers"]


def test_headings_are_suggested_whole_and_as_written(indexed: Index) -> None:
    indexed(
        "Manual",
        "# Installation\n\nText.\n\n## On Linux\n\nText.\n\n## On a Mac\n\nText.\n\n# Use\n\nText.",
        type="md",
    )
    indexed("Other", "# On Linux\n\nAgain.", type="md")

    found = autocomplete(ANYONE, "on l")
    assert [(each.kind, bold(each), each.url) for each in found] == [
        (SuggestionKind.HEADING, "[On] [L]inux", "")
    ]
    assert texts("inst") == ["Installation"]
    assert texts("mac") == ["On a Mac"]


def test_texts_that_end_in_mid_air_are_not_suggested(indexed: Index) -> None:
    indexed("Notes", "The harbour master keeps the harbour at night and of the.")
    assert texts("harb") == texts("harbour ") == []


@pytest.mark.parametrize(
    ("language", "title", "typed", "marked"),
    [
        ("fr", "École de l’air à Évreux", "ecole de", "[École] [de] l’air à Évreux"),
        ("de", "Straßenverkehr in Köln", "strass", "[Straß]enverkehr in Köln"),
        ("de", "Müllabfuhr und Löhne", "muellab", "[Müllabfuhr] und Löhne"),
        ("ja", "東京都の条例集", "京都", "東[京都]の条例集"),
        ("zh", "圖書館規則", "图书", "[圖書]館規則"),
        ("ru", "Правила ёлочных базаров", "ел", "Правила [ёл]очных базаров"),
        ("th", "ตารางแข่งขันฟุตบอล", "ฟุตบอล", "ตารางแข่งขัน[ฟุตบอล]"),
        ("el", "Οδηγός για Αθήνα", "αθη", "Οδηγός για [Αθή]να"),
        ("ar", "دليل المدرسة", "المد", "دليل [المد]رسة"),
        ("tr", "İstanbul rehberi", "reh", "İstanbul [reh]beri"),
        ("en", "Wi-Fi at home", "wifi", "[Wi-Fi] at home"),
        ("fr", "Cafe\u0301s de Paris", "cafe", "[Cafe\u0301]s de Paris"),
        ("he", "שָׁלוֹם לכל", "של", "[שָׁל]וֹם לכל"),
    ],
)
def test_titles_of_every_language_keep_their_letters(
    indexed: Index, language: str, title: str, typed: str, marked: str
) -> None:
    indexed(title, "Text.", language=language)
    assert [bold(each) for each in autocomplete(ANYONE, typed)] == [marked]


@pytest.mark.parametrize(
    ("language", "first", "second", "typed"),
    [
        ("en", "Annual report", "Annual reports", "annual"),
        ("de", "Haus und Garten", "Häuser und Gärten", "garten"),
        ("fr", "École primaire", "ecole primaire", "ecole"),
        ("ru", "Новый отчёт", "новые отчеты", "нов"),
        ("es", "Canción del mar", "CANCION DEL MAR", "canc"),
    ],
)
def test_a_title_is_suggested_in_one_form(
    indexed: Index, language: str, first: str, second: str, typed: str
) -> None:
    indexed(first, "Text.", language=language)
    indexed(second, "Other text.", language=language)
    assert len(texts(typed)) == 1


def test_titles_that_differ_in_a_letter_or_a_number_are_two(indexed: Index) -> None:
    indexed("Report A", "Text.")
    indexed("Report B", "Text.")
    indexed("Report 3", "Text.")
    assert len(texts("rep")) == 3


@pytest.mark.parametrize(
    ("language", "first", "second", "typed"),
    [
        ("en", "Minutes", "Minutes", "minu"),
        ("en", "minutes", "Minute", "minu"),
        ("de", "Protokolle", "Protokoll", "prot"),
        ("fr", "Procès-verbal", "procès verbaux", "proc"),
    ],
)
def test_a_title_of_several_documents_is_searched_for(
    indexed: Index, language: str, first: str, second: str, typed: str
) -> None:
    indexed(first, "Of May.", language=language)
    assert [bool(each.url) for each in autocomplete(ANYONE, typed)] == [True]
    indexed(second, "Of June.", language=language)
    assert [(each.text, each.url) for each in autocomplete(ANYONE, typed)] == [(second, "")]


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [
        ("en", "Quarantine rules", "quarentin"),
        ("en", "Quarantine rules", "qaurantine ru"),
        ("de", "Krankenversicherung", "krankenverzi"),
        ("fr", "Déménagement", "demenga"),
        ("ru", "Библиотека", "библеот"),
        ("es", "Ayuntamiento", "ayumtam"),
    ],
)
def test_a_misspelt_beginning_is_forgiven_where_nothing_else_fits(
    indexed: Index, language: str, title: str, typed: str
) -> None:
    indexed(title, "Text.", language=language)
    assert texts(typed) == [title]
    indexed(f"{typed} indeed", "Text.", language=language)
    assert texts(typed) == [f"{typed} indeed"]


@pytest.fixture
def secret(indexed: Index) -> Collection:
    hidden = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    indexed("Tides", "# The smokehouse\n\nText.", type="md")
    indexed("Smugglers", "# Smithy meetings\n\nText.", into=hidden, type="md")
    return hidden


def test_nothing_is_suggested_from_what_the_caller_may_not_see(secret: Collection) -> None:
    assert texts("sm") == ["The smokehouse"]
    assert texts("smug") == texts("smith") == texts("smuggelr") == []
    staff = User.objects.create_superuser("root")
    assert texts("sm", staff) == ["Smugglers", "Smithy meetings", "The smokehouse"]
    assert texts("smuggelr", staff) == ["Smugglers"]


def test_hidden_words_take_the_place_of_none_that_the_caller_may_see(
    indexed: Index, secret: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spelling, "MOST_NEAR", 1)
    for letter in "abc":
        indexed(f"Smokehau{letter}", "Text.", into=secret)
    assert texts("smok") == texts("smokehaus") == ["The smokehouse"]


def test_access_that_is_taken_away_counts_at_once(secret: Collection) -> None:
    user = User.objects.create_user("reader")
    member = CollectionMember.objects.create(collection=secret, user=user)
    assert texts("smug", user) == ["Smugglers"]
    member.delete()
    assert texts("smug", user) == []
    secret.documents.get().delete()
    assert texts("smug", User.objects.create_superuser("root")) == []


def test_a_title_that_was_changed_is_suggested_as_it_is_now(indexed: Index) -> None:
    document = indexed("Tides", "Text.")
    document.title = "Currents"
    document.save()
    publish(document, "Text.")
    assert texts("tid") == []
    assert texts("curr") == ["Currents"]


def test_operators_are_not_completed(indexed: Index) -> None:
    indexed("Tides", "Text.")
    assert texts("type:txt tid") == texts("-tid") == texts('"tid') == []


def test_they_come_over_rest(indexed: Index) -> None:
    tides = indexed("Tides", "The tide table.")
    answer = Client().get("/api/v1/autocomplete", {"q": "ti"}).json()
    assert answer == {
        "suggestions": [
            {
                "kind": "title", "text": "Tides", "typed": [[0, 2]],
                "url": tides.get_absolute_url(), "collection": "Handbook",
            }
        ]
    }  # fmt: skip
    assert Client().get("/api/v1/autocomplete").status_code == 400
