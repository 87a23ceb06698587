"""What other parts of the product say is said in German on German pages."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from documents.messages import SENTENCES, Message, placeholders
from documents.models import Collection
from frontend.messages import translate_message
from tests.documents.conftest import add, originals_dir

pytestmark = pytest.mark.processes

__all__ = ["add", "originals_dir"]

ALIKE = {"both_models"}  # two sentences of their own, one after the other


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_has_its_german_with_the_same_parameters(code: str) -> None:
    english = SENTENCES[code]
    with translation.override("de"):
        german = translation.gettext(english)
    assert (german != english) == (code not in ALIKE)
    assert placeholders(german) == placeholders(english)


def test_numbers_lists_and_reasons_are_in_the_language_too() -> None:
    assert translate_message(None) == ""
    with translation.override("de"):
        assert "mehr als 20.000.000 Zeichen" in translate_message(
            Message("text_too_long", {"characters": 20_000_000})
        )
        assert translate_message(
            Message("unsupported_format", {"formats": ["PDF", "text", "e-mail"]})
        ) == ("Diese Art von Datei wird nicht unterstützt. Laden Sie PDF, Text oder E-Mail hoch.")
        reason = Message("model_not_fetched", {"model": "a/b"})
        assert translate_message(Message("lexical_only", {"reason": reason})).endswith(
            "nur nach Wörtern gesucht. Das Modell a/b lässt sich nicht vom Hub laden."
        )


def test_a_failed_document_says_why_in_german_on_the_page_and_in_english_over_the_api(
    add: Any, collection: Collection, admin_client: Client, settings: Any
) -> None:
    settings.MAX_TEXT_CHARS = 1000
    document = add(b"Neap tides. " * 1000, "a.txt")
    assert (document.state, document.error_code) == ("failed", "text_too_long")
    assert document.error_params == {"characters": 1000}

    german = {"Accept-Language": "de"}
    page = admin_client.get(document.get_absolute_url(), headers=german).content.decode()
    assert "Die Datei enthält mehr als 1.000 Zeichen Text" in page
    library = admin_client.get("/documents/", headers=german).content.decode()
    assert "Die Datei enthält mehr als 1.000 Zeichen Text" in library

    told = admin_client.get(f"/api/v1/documents/{document.pk}", headers=german).json()
    assert told["error"].startswith("The file has more than 1,000 characters of text")
    assert told["error_code"] == "text_too_long"
    listed = admin_client.get("/admin/documents/document/", headers=german).content.decode()
    assert "The file has more than 1,000 characters of text" in listed


def test_a_search_without_a_model_says_so_in_german_on_the_page_and_in_english_over_the_api(
    collection: Collection, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from documents.errors import ModelUnavailable

    def away(space: object) -> None:
        raise ModelUnavailable("model_not_fetched", model="a/b")

    monkeypatch.setattr("retrieval.query.context.model_of_space", away)
    page = admin_client.get("/?q=tide", headers={"Accept-Language": "de"}).content.decode()
    assert "deshalb wird nur nach Wörtern gesucht. Das Modell a/b lässt sich nicht" in page
    [notice] = admin_client.get("/api/v1/search?q=tide").json()["warnings"]
    assert notice.startswith("Search by meaning is not available")
    assert notice.endswith("The model a/b cannot be fetched from the hub.")
