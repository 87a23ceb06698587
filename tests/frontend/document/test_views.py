"""The page of a document, its original, and what its writers may do with it."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from documents.library import uploads
from documents.models import AuditEvent, Collection, Document, Extraction
from frontend.document.blocks import PART
from tests.frontend.conftest import Written, reader
from tests.retrieval.conftest import Index

TEXT = "# Tides\nThe moon pulls.\n\nTwice a day."


@pytest.fixture
def originals(settings: Any, tmp_path: Path) -> None:
    settings.ORIGINALS_DIR = tmp_path


def test_the_passage_is_marked_and_its_neighbours_are_linked(
    anyone: Client, collection: Collection, written: Written
) -> None:
    document = written("Tides", collection, TEXT)
    place: Any = {"start": 12, "end": 16, "also": ["25-30", "8-11", "x", "9-3"], "q": "moon"}
    page = anyone.get(document.get_absolute_url(), place).content.decode()
    assert '<mark class="found" id="passage" tabindex="-1">moon</mark>' in page
    assert "match 2 of 3" in page
    assert (
        f"{document.pk}/?start=8&amp;end=11&amp;also=12-16&amp;also=25-30&amp;q=moon#passage"
        in page
    )
    assert f"{document.pk}/?start=25&amp;end=30&amp;" in page


def test_a_passage_that_spans_pages_says_so(
    anyone: Client, collection: Collection, written: Written
) -> None:
    document = written("Tides", collection, TEXT)
    Extraction.objects.update(pages=[0, 12, 25])

    def page(start: int, end: int) -> str:
        place = {"start": start, "end": end}
        return anyone.get(document.get_absolute_url(), place).content.decode()

    assert "Passage on page 1<" in page(0, 12)
    assert "Passage on pages 1\u20132<" in page(0, 13)
    assert "Passage on pages 2\u20133<" in page(12, 36)
    assert "Passage on page 3<" in page(25, 36)
    Extraction.objects.update(pages=[])
    assert "Passage on page" not in page(0, 13)


def test_the_text_is_said_to_be_in_its_language(
    anyone: Client, collection: Collection, written: Written
) -> None:
    document = written("Gezeiten", collection, "Der Mond zieht.", language="de")
    page = anyone.get(document.get_absolute_url()).content.decode()
    assert '<html lang="en">' in page and '<h1 class="serif" lang="de">' in page
    assert re.search(r'<div lang="de">\s*<p>Der Mond zieht', page)


def test_a_heading_that_repeats_the_title_is_not_shown_twice(
    anyone: Client, collection: Collection, written: Written
) -> None:
    at = TEXT.index("Twice")
    headings = [{"start": 0, "level": 1, "title": "Tides"}, {"start": at, "level": 2, "title": "T"}]
    document = written("Tides", collection, TEXT, headings=headings)
    url = document.get_absolute_url()
    reading = anyone.get(url).context["document_text"]
    assert [(one.title, one.level) for one in reading.outline] == [("T", 1)]
    assert reading.blocks[0].kind == "paragraph" and reading.blocks[1].aria_level == 2
    marked = anyone.get(url, {"start": 0, "end": 7}).context["document_text"]
    assert marked.blocks[0].kind == "heading"
    Document.objects.update(title="The sea")
    assert anyone.get(url).context["document_text"].blocks[0].kind == "heading"


def test_a_source_on_the_servers_disk_is_not_shown(
    anyone: Client, collection: Collection, written: Written
) -> None:
    document = written("Tides", collection, TEXT, filename="b.md", source="/srv/papers/b.md")
    assert b"/srv/" not in anyone.get(document.get_absolute_url()).content
    Document.objects.update(source="papers/b.md")
    assert b"papers/b.md" in anyone.get(document.get_absolute_url()).content


def test_metadata_is_shown_whatever_its_fields_are_called(
    anyone: Client, collection: Collection, written: Written
) -> None:
    said = {"items": ["one", 2], "keys": "three", "values": {"a": None}, "open": True}
    document = written("Tides", collection, TEXT, metadata=said)
    page = anyone.get(document.get_absolute_url()).content.decode()
    shown = dict(re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", page))
    values = ["one, 2", "three", "{&quot;a&quot;: null}", "true"]
    assert [shown[key] for key in said] == values


def test_a_text_replaced_while_it_is_read_is_a_page_not_an_error(
    anyone: Client, collection: Collection, written: Written
) -> None:
    document = written("Tides", collection, TEXT)

    def replaced(execute: Any, sql: str, *rest: Any) -> Any:
        if "SUBSTRING" in sql:
            Extraction.objects.all().delete()
        return execute(sql, *rest)

    with connection.execute_wrapper(replaced):
        answer = anyone.get(document.get_absolute_url())
    assert answer.status_code == 200 and b"There is no text to show" in answer.content


def test_a_long_text_is_read_in_parts(
    anyone: Client, collection: Collection, written: Written
) -> None:
    line = "All work and no play makes a long text, said the café owner.\n\n"
    document = written("Long", collection, line * 2000)
    first = anyone.get(document.get_absolute_url()).context["document_text"]
    assert first.begin == 0 and PART <= first.end < PART + 100 and not first.earlier
    last = anyone.get(document.get_absolute_url(), {"from": len(line) * 2000 - 1})
    reading = last.context["document_text"]
    assert reading.end == reading.length == len(line) * 2000 and not reading.later
    beyond = anyone.get(document.get_absolute_url(), {"start": 10**9, "end": 10**9 + 5})
    assert beyond.status_code == 200


@pytest.mark.parametrize("path", ["", "state", "similar", "original", "retry", "delete"])
def test_what_may_not_be_seen_does_not_exist(
    as_ada: Client, anyone: Client, secret: Collection, written: Written, path: str
) -> None:
    hidden = written("Hidden harbour", secret, TEXT)
    for pk in (hidden.pk, uuid.uuid4()):
        answers = [as_ada.get(f"/documents/{pk}/{path}"), as_ada.post(f"/documents/{pk}/{path}")]
        answers.append(anyone.get(f"/documents/{pk}/{path}"))
        assert {answer.status_code for answer in answers} <= {302, 404, 405}
        assert not any(b"Hidden" in answer.content for answer in answers)
    assert Document.objects.filter(pk=hidden.pk).exists()


def test_a_reader_may_not_change(
    as_ada: Client, ada: User, secret: Collection, written: Written
) -> None:
    reader(secret, ada)
    document = written("Open to her", secret, TEXT)
    page = as_ada.get(document.get_absolute_url())
    assert page.status_code == 200 and b"/delete" not in page.content
    assert as_ada.post(f"/documents/{document.pk}/delete").status_code == 403
    assert as_ada.post(f"/documents/{document.pk}/retry").status_code == 403
    ids = {"id": [document.pk], "action": "delete", "confirmed": "yes"}
    as_ada.post("/documents/bulk", ids)
    assert Document.objects.filter(pk=document.pk).exists()


def test_similar_documents_are_those_the_caller_may_see(
    anyone: Client, as_ada: Client, shared: Collection, indexed: Index
) -> None:
    tides = indexed("Tides", "The spring tide follows the new moon by a day or two.")
    indexed("Moon", "Sun and moon pull together at spring tide, a day after the new moon.")
    indexed("Bread", "A sourdough starter is fed with flour and water.")
    indexed("Ebb", "The tide follows the moon by a day; at new moon it is a spring tide.", shared)
    url = f"/documents/{tides.pk}/similar"
    assert f'hx-get="{url}"'.encode() in anyone.get(tides.get_absolute_url()).content
    page = anyone.get(url).content.decode()
    assert "Moon</a>" in page and "Ebb" not in page
    assert "Bread" not in page and "Tides</a>" not in page
    assert b"Ebb</a>" in as_ada.get(url).content


def test_the_original_is_an_attachment_that_no_browser_runs(
    as_ada: Client, shared: Collection, originals: None, tmp_path: Path
) -> None:
    data = b"<script>alert(document.cookie)</script>"
    path = tmp_path / "sample"
    path.write_bytes(data)
    with path.open("rb") as file:
        taken = uploads.add_file(shared, file, 'évil "x".html', enqueue=False)
    answer = as_ada.get(f"/documents/{taken.document.pk}/original")
    assert b"".join(answer) == data
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_an_original_that_is_gone_is_a_page_not_an_error(
    as_ada: Client, shared: Collection, written: Written, originals: None
) -> None:
    document = written("Gone", shared, TEXT, content_hash="ab" * 32)
    assert as_ada.get(f"/documents/{document.pk}/original").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_deleting_asks_first(
    as_ada: Client, ada: User, shared: Collection, written: Written
) -> None:
    document = written("Tides", shared, TEXT, uploaded_by=ada)
    assert b"Delete this document?" in as_ada.get(f"/documents/{document.pk}/delete").content
    assert Document.objects.filter(pk=document.pk).exists()
    answer = as_ada.post(f"/documents/{document.pk}/delete", follow=True)
    assert "1 document was moved to the trash." in answer.content.decode()
    assert as_ada.get(document.get_absolute_url()).status_code == 404


def test_the_state_is_asked_for_until_it_is_final(
    as_ada: Client, ada: User, shared: Collection, written: Written
) -> None:
    progress = {"state": "embedding", "passages_done": 3, "passages_total": 9}
    document = written("Tides", shared, uploaded_by=ada, **progress)
    page = as_ada.get(f"/documents/{document.pk}/state")
    assert b"Embedding 3/9" in page.content and "HX-Refresh" not in page
    Document.objects.update(state="failed", error_code="empty_file")
    page = as_ada.get(f"/documents/{document.pk}/state")
    assert page["HX-Refresh"] == "true"
    whole = as_ada.get(document.get_absolute_url()).content
    assert b"The file is empty." in whole and b"/retry" in whole


def test_a_download_from_a_restricted_collection_is_logged(
    as_ada: Client, ada: User, secret: Collection, shared: Collection, originals: None
) -> None:
    reader(secret, ada)
    for place in (secret, shared):
        document = uploads.add_text(place, "Tides", "Neap", enqueue=False).document
        assert as_ada.get(f"/documents/{document.pk}/original").status_code == 200
    event = AuditEvent.objects.get(action="original_downloaded")
    assert (event.action, event.actor) == ("original_downloaded", ada)
    assert event.details == {"collection": "secret"}
