"""The pages of a PDF as pictures, the passage boxed, and the way to its text."""

import io
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.library import uploads
from documents.models import Collection, Document, Extraction
from documents.previews import page_images
from tests.documents import files
from tests.frontend.conftest import reader

PAGES = ["The tide comes in twice a day.", "The gates close in a storm surge."]
TEXT = "Chapter 1\nThe tide comes in twice a day.\n\nChapter 2\nThe gates close in a storm surge.\n"
SECOND = TEXT.index("Chapter 2")


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.ORIGINALS_DIR = tmp_path / "originals"


def published(collection: Collection, data: bytes) -> Document:
    taken = uploads.add_file(collection, io.BytesIO(data), "tides.pdf", enqueue=False)
    fields = {"state": "indexed", "version": 1, "type": "pdf"}
    Document.objects.filter(pk=taken.document.pk).update(**fields)
    Extraction.objects.create(
        document=taken.document,
        version=1,
        text=TEXT,
        pages=[0, SECOND],
        headings=[{"start": SECOND, "level": 1, "title": "Chapter 2"}],
    )
    return Document.objects.get(pk=taken.document.pk)


@pytest.fixture
def tides(collection: Collection) -> Document:
    return published(collection, files.pdf(PAGES))


def test_the_page_of_the_passage_is_shown_with_its_words_boxed(
    anyone: Client, tides: Document
) -> None:
    start = TEXT.index("gates")
    place: Any = {"start": start, "end": start + len("gates close"), "q": "storm"}
    answer = anyone.get(tides.get_absolute_url(), place)
    page = answer.content.decode()
    assert "page 2 of 2" in page and f'src="/documents/{tides.pk}/pages/2.webp"' in page
    (box,) = answer.context["page_view"].rects
    words = "The gates close in a storm surge."
    assert 0 < box.width < answer.context["page_view"].width * len("gates close") / len(words)
    assert page.count("<rect") == 1 and '<rect id="passage"' in page
    assert "style=" not in page
    assert f"?page=1&amp;start={start}&amp;end={start + 11}&amp;q=storm#page-image" in page
    text = anyone.get(tides.get_absolute_url(), place | {"view": "text"}).content.decode()
    assert 'id="passage" tabindex="-1">gates close</mark>' in text


def test_a_passage_that_spans_pages_is_boxed_on_both(anyone: Client, tides: Document) -> None:
    place = {"start": TEXT.index("twice"), "end": TEXT.index("close")}
    url = tides.get_absolute_url()
    assert [
        len(anyone.get(url, place | {"page": n}).context["page_view"].rects) for n in (1, 2)
    ] == [
        1,
        2,
    ]


def test_the_outline_leads_to_pages_beside_a_page_and_into_the_text_beside_that(
    anyone: Client, tides: Document
) -> None:
    url = tides.get_absolute_url()
    assert f'href="{url}?page=2#page-image">Chapter 2' in anyone.get(url).content.decode()
    assert f'href="#h-{SECOND}">Chapter 2' in anyone.get(url, {"from": 0}).content.decode()


def test_the_picture_is_private_and_asked_for_again(anyone: Client, tides: Document) -> None:
    url = f"/documents/{tides.pk}/pages/1.webp"
    answer = anyone.get(url)
    assert answer["Content-Type"] == "image/webp" and answer.content[8:12] == b"WEBP"
    assert answer["Cache-Control"] == "private, no-cache"
    again = anyone.get(url, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    for number in (0, 3, 10**12):
        assert anyone.get(f"/documents/{tides.pk}/pages/{number}.webp").status_code == 404


def test_a_picture_that_must_wait_is_asked_for_again_later(
    anyone: Client, tides: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_images, "_places", threading.BoundedSemaphore(1))
    with page_images._places:
        answer = anyone.get(f"/documents/{tides.pk}/pages/1.webp")
    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert b"Try again in a few seconds" in answer.content
    assert anyone.get(f"/documents/{tides.pk}/pages/1.webp").status_code == 200


def test_a_picture_of_what_may_not_be_seen_does_not_exist(
    as_ada: Client, ada: User, secret: Collection
) -> None:
    hidden = published(secret, files.pdf(PAGES))
    url = f"/documents/{hidden.pk}/pages/1.webp"
    assert as_ada.get(url).status_code == 404
    reader(secret, ada)
    answer = as_ada.get(url)
    assert answer.status_code == 200
    secret.members.all().delete()
    again = as_ada.get(url, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 404


def test_a_pdf_that_cannot_be_drawn_is_shown_as_text_with_the_reason(
    anyone: Client, collection: Collection
) -> None:
    page = anyone.get(published(collection, b"%PDF-1.7 broken").get_absolute_url())
    assert re.search("cannot be drawn.*This is the text", page.content.decode())
    assert b"twice a day" in page.content and b"<img" not in page.content


def test_nonsense_in_the_address_is_passed_over(anyone: Client, tides: Document) -> None:
    for page in ("0", "-1", "x", "99", "9" * 30):
        answer = anyone.get(tides.get_absolute_url(), {"page": page, "view": "odd"})
        assert answer.status_code == 200 and 1 <= answer.context["page_view"].number <= 2
