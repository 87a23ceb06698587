"""A format that is registered here and nowhere in the product is taken like any other."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

import frontend
from documents.api.openapi_views import cached_schema
from documents.extraction import formats
from documents.ingestion.pipeline import ingest
from documents.models import Collection, Document, Passage
from frontend.templatetags.labels import type_label
from tests.documents.extraction.ini_format import INI
from tests.retrieval.conftest import fresh_index

__all__ = ["fresh_index"]

Add = Callable[..., Document]
SETTINGS = b"[harbour]\ntide = neap\ndepth = 7\n\n[lighthouse]\nlamp = paraffin\n"


@pytest.fixture
def with_ini() -> Iterator[None]:
    formats.register(INI)
    cached_schema.cache_clear()
    yield
    del formats.FORMATS["ini"]
    cached_schema.cache_clear()


def test_without_its_registration_the_file_is_plain_text(add: Add) -> None:
    assert add(SETTINGS, "harbour.ini").type == "txt"


def test_a_file_is_sent_recognised_read_labelled_and_offered_as_a_filter(
    with_ini: None, collection: Collection, fresh_index: None, admin_client: Client
) -> None:
    file = SimpleUploadedFile("harbour.ini", SETTINGS)
    sent = {"collection": collection.slug, "files": [file]}
    assert admin_client.post("/upload/", sent).status_code == 200
    ingest(str(Document.objects.get().pk))

    document = Document.objects.get()
    assert (document.state, document.error) == ("indexed", "")
    assert (document.type, document.content_type) == ("ini", "text/x-ini")
    passages = Passage.objects.filter(document=document).order_by("ordinal")
    assert [passage.headings for passage in passages] == [["harbour"], ["lighthouse"]]
    assert passages[1].text == "lighthouse\nlamp: paraffin"

    page = admin_client.get("/?q=paraffin&mode=lexical").content.decode()
    assert re.search(r'<span class="type"><svg.*#data"></use></svg>Configuration \(INI\)', page)
    assert "type=ini" in page  # the link that narrows to it
    found = admin_client.get("/api/v1/search?q=paraffin+type:ini&mode=lexical").json()
    assert [facet["label"] for facet in found["facets"]["type"]] == ["Configuration (INI)"]
    assert found["total"] == 1


def test_pages_messages_and_the_schema_name_it(
    with_ini: None, add: Add, admin_client: Client, db: None
) -> None:
    assert type_label("ini") == "Configuration (INI)"
    page = admin_client.get("/upload/").content.decode()
    assert ".ini,text/x-ini" in page
    assert "text or INI; up to 100 MB a file." in page
    assert (
        "text or INI; several"
        in admin_client.get("/admin/documents/document/upload/").content.decode()
    )
    refused = add(bytes(range(256)) * 40, "a.bin")
    assert refused.error.endswith("CSV, Markdown, text or INI.")
    schema = APIClient().get("/api/v1/schema?format=json").content.decode()
    assert "“txt”, “png”, “jpeg”, “tiff”, “ini”; may be repeated" in schema
    assert "CSV, Markdown, text or INI; only in a multipart form" in schema


def test_two_formats_of_one_name_are_refused(with_ini: None) -> None:
    with pytest.raises(ValueError, match="a format 'ini' already"):
        formats.register(INI)


def test_every_reader_detector_and_guesser_is_there() -> None:
    named = [
        path
        for one in formats.FORMATS.values()
        for path in (one.reader, one.detector, one.guesser)
        if path
    ]
    assert len(named) > len(formats.FORMATS)
    assert all(callable(formats._named(path)) for path in named)


def test_every_icon_is_drawn() -> None:
    drawing = (Path(frontend.__file__).parent / "static/frontend/formats.svg").read_text()
    drawn = set(re.findall('<symbol id="(.+?)"', drawing))
    assert {one.icon for one in formats.FORMATS.values()} == drawn
