"""Documents over REST: sending, following, reading, changing, deleting."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from documents import storage
from documents.models import Collection, CollectionMember, Document, Extraction
from tests.api import caller, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/documents"


@pytest.fixture(autouse=True)
def originals_folder(tmp_path: Any, settings: Any) -> None:
    settings.ORIGINALS_DIR = tmp_path


@pytest.fixture
def collection() -> Collection:
    return Collection.objects.get_or_create(slug="documents", defaults={"name": "Documents"})[0]


@pytest.fixture
def ada(collection: Collection) -> APIClient:
    return caller(make_user("ada"))


def send_text(
    client: APIClient, title: str = "Note", text: str = "Some words.", **more: Any
) -> Any:
    return client.post(URL, {"title": title, "text": text, **more}, format="json")


def send_file(
    client: APIClient, name: str = "note.txt", data: bytes = b"Words.", **more: Any
) -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, data), **more}, format="multipart")


def test_a_text_is_queued_in_the_default_collection(ada: APIClient) -> None:
    answer = send_text(ada, metadata={"year": 1843}, source="https://example.org/note")
    body = answer.json()
    assert answer.status_code == 202
    assert answer["Location"] == f"{URL}/{body['id']}"
    assert (body["title"], body["collection"], body["state"]) == ("Note", "documents", "queued")
    assert body["progress"] == {"done": 0, "total": 0, "percent": 0}
    assert (body["metadata"], body["source"]) == ({"year": 1843}, "https://example.org/note")
    assert ada.get(answer["Location"]).json() == body


def test_a_file_is_queued_with_the_metadata_of_its_form(ada: APIClient) -> None:
    answer = send_file(ada, "report.pdf", b"%PDF-1.7", metadata='{"year": 1843}', title="Report")
    body = answer.json()
    assert answer.status_code == 202
    assert (body["title"], body["filename"], body["size"]) == ("Report", "report.pdf", 8)
    assert body["metadata"] == {"year": 1843}
    assert Document.objects.get().uploaded_by.username == "ada"


def test_the_same_bytes_are_the_same_document(ada: APIClient) -> None:
    first, second = send_file(ada), send_file(ada, "other-name.txt")
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "detail"),
        ({"title": "x"}, "detail"),
        ({"text": "x"}, "title"),
        ({"title": "", "text": "x"}, "title"),
        ({"title": "x" * 501, "text": "x"}, "title"),
        ({"title": "x", "text": ""}, "text"),
        ({"title": "x", "text": " \n\t"}, "text"),
        ({"title": "x", "text": "a\0b"}, "text"),
        ({"title": "x", "text": "a\ud800b"}, "text"),
        ({"title": "x", "text": ["x"]}, "text"),
        ({"title": "x", "text": "x", "collection": "nowhere"}, "collection"),
        ({"title": "x", "text": "x", "collection": "a b"}, "collection"),
        ({"title": "x", "text": "x", "collection": "a\0"}, "collection"),
        ({"title": "x", "text": "x", "collection": "secret"}, "collection"),
        ({"title": "x", "text": "x", "metadata": "{"}, "metadata"),
        ({"title": "x", "text": "x", "metadata": [1]}, "metadata"),
        ({"title": "x", "text": "x", "metadata": None}, "metadata"),
        ({"title": "x", "text": "x", "metadata": {"a": "\0"}}, "metadata"),
        ({"title": "x", "text": "x", "metadata": {"a": ["\ud800"]}}, "metadata"),
        ({"title": "x", "text": "x", "metadata": {"\0": 1}}, "metadata"),
        ({"title": "x", "text": "x", "metadata": '{"a": 1e999}'}, "metadata"),
        ({"title": "x", "text": "x", "metadata": '{"a": NaN}'}, "metadata"),
        ({"title": "x", "text": "x", "metadata": {"a": "x" * 100_001}}, "metadata"),
        ({"title": "x", "text": "x", "metadata": '{"a":' * 30 + "1" + "}" * 30}, "metadata"),
        ({"title": "x", "text": "x", "metadata": '{"a":' + "[" * 50_000}, "metadata"),
        ({"title": "x", "text": "x", "metadata": '{"a":' + "1" * 5000 + "}"}, "metadata"),
        ({"title": "x", "text": "x", "language": "Klingon!"}, "language"),
        ({"title": "x", "text": "x", "source": "x" * 2001}, "source"),
        ({"title": "x", "text": "x", "colour": "red"}, "colour"),
        ({"title": "x", "text": "x", "\ud800": 1}, "?"),
        ({"file": "x"}, "file"),
        ([], "detail"),
        ("x", "detail"),
        (None, "detail"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_with_a_sentence(ada: APIClient, body: Any, field: str) -> None:
    Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    answer = ada.post(URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert set(answer.json()) == {field}
    sentence = answer.json()[field]
    assert (sentence if field == "detail" else sentence[0]).endswith(".")
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b"[" * 100_000, b'{"title": NaN}', b"", b'{"a": ' + b"1" * 5000 + b"}"]
)
def test_a_body_that_is_no_json_is_refused(ada: APIClient, body: bytes) -> None:
    answer = ada.post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) <= {"detail"}


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\xff",
    ],
)
def test_a_broken_form_is_refused(ada: APIClient, kind: str) -> None:
    answer = ada.post(URL, b"--y\r\nnonsense", content_type=kind)
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)


def test_another_kind_of_body_is_refused(ada: APIClient) -> None:
    assert ada.post(URL, b"words", content_type="text/plain").status_code == 415


@pytest.mark.django_db(transaction=True)
def test_an_upload_whose_collection_is_deleted_meanwhile_is_a_conflict(
    ada: APIClient, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(stream: Any) -> storage.Draft:
        Collection.objects.filter(pk=collection.pk).delete()
        return draft(stream)

    draft = storage.write_draft
    monkeypatch.setattr(storage, "write_draft", slowly)
    answer = send_text(ada, collection=collection.slug)
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("The collection was deleted meanwhile")


def test_one_request_brings_one_file(ada: APIClient) -> None:
    files = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    answer = ada.post(URL, {"file": files}, format="multipart")
    assert answer.json() == {"file": ["Send one file in each request."]}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\nb.txt", "C:\\x\\y.txt", "x" * 400 + ".txt"]
)
def test_a_hostile_file_name_becomes_a_plain_one(ada: APIClient, name: str) -> None:
    answer = send_file(ada, name)
    kept = answer.json()["filename"]
    assert answer.status_code == 202
    assert len(kept) <= 255
    assert not set(kept) & set("/\\\n")


def test_what_may_not_be_seen_is_not_there_and_what_may_is_not_for_everybody_to_change(
    ada: APIClient,
) -> None:
    staff = caller(make_user("grace", staff=True))
    secret = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    public = Collection.objects.create(name="Public", slug="public", visibility="public")
    one = send_text(staff, collection="secret").json()["id"]
    other = send_text(staff, collection="public").json()["id"]
    for path in ("", "/state", "/text", "/original"):
        assert ada.get(f"{URL}/{one}{path}").status_code == 404
    assert ada.delete(f"{URL}/{one}").status_code == 404
    assert ada.post(f"{URL}/{one}/retry").status_code == 404
    assert ada.get(f"{URL}/{other}").status_code == 200
    assert ada.patch(f"{URL}/{other}", {"title": "x"}, format="json").status_code == 403
    assert ada.delete(f"{URL}/{other}").status_code == 403
    assert send_text(ada, collection="public").status_code == 403
    assert [row["id"] for row in ada.get(URL).json()["results"]] == [other]
    assert caller().get(URL).json()["total"] == 1
    assert caller().delete(f"{URL}/{other}").status_code == 401
    bob = make_user("bob")
    CollectionMember.objects.create(collection=secret, user=bob, role="reader")
    CollectionMember.objects.create(collection=public, user=bob, role="editor")
    assert caller(bob).delete(f"{URL}/{one}").status_code == 403
    assert caller(bob).delete(f"{URL}/{other}").status_code == 204


def test_the_list_is_filtered_and_cut_into_pages_newest_first(ada: APIClient) -> None:
    Collection.objects.create(name="Other", slug="other")
    ids = [send_text(ada, f"Note {n}", f"text {n}").json()["id"] for n in range(5)]
    ids.append(send_text(ada, "Elsewhere", "x", collection="other").json()["id"])
    Document.objects.filter(pk=ids[0]).update(state="failed", type="pdf")
    Document.objects.filter(pk=ids[1]).update(state="indexed", type="docx")

    def listed(**query: Any) -> list[str]:
        return [row["id"] for row in ada.get(URL, query).json()["results"]]

    assert listed() == ids[::-1]
    assert listed(page_size=4) + listed(page_size=4, page=2) == ids[::-1]
    assert listed(page=9) == []
    assert listed(state=["failed", "indexed"]) == [ids[1], ids[0]]
    assert listed(type="pdf") == [ids[0]]
    assert listed(collection="other") == [ids[5]]
    assert listed(collection=["other", "documents"], q="nOTE 3", state="") == [ids[3]]
    first = ada.get(URL, {"page_size": 4}).json()
    assert (first["total"], first["page"], first["page_size"]) == (6, 1, 4)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=99999999999999999999", "page"),
        ("page_size=201", "page_size"),
        ("state=lost", "state"),
        ("collection=nowhere", "collection"),
        ("collection=secret", "collection"),
        ("collection=%00", "collection"),
        ("q=%00", "q"),
        ("type=%00", "type"),
        ("q=" + "x" * 501, "q"),
    ],
)
def test_a_bad_parameter_is_named_with_a_sentence(ada: APIClient, query: str, field: str) -> None:
    Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    answer = ada.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert answer.json()[field][0].endswith(".")


def test_progress_counts_passages(ada: APIClient) -> None:
    pk = send_text(ada).json()["id"]
    Document.objects.update(state="embedding", passages_done=3, passages_total=8)
    status = ada.get(f"{URL}/{pk}/state").json()
    assert status["state"] == "embedding"
    assert status["progress"] == {"done": 3, "total": 8, "percent": 37}
    Document.objects.update(state="indexed", passages_done=8)
    assert ada.get(f"{URL}/{pk}/state").json()["progress"]["percent"] == 100


def test_the_text_can_be_read_once_it_is_there(ada: APIClient) -> None:
    pk = send_text(ada).json()["id"]
    early = ada.get(f"{URL}/{pk}/text")
    assert (early.status_code, "queued" in early.json()["detail"]) == (409, True)
    Document.objects.update(version=1, state="indexed")
    headings = [{"start": 0, "level": 1, "title": "Some"}]
    Extraction.objects.create(
        document_id=pk, version=1, text="Some words.", pages=[0], headings=headings
    )
    assert ada.get(f"{URL}/{pk}/text").json() == {
        "text": "Some words.", "offset": 0, "total": 11, "pages": [0], "headings": headings,
    }  # fmt: skip


def test_the_text_comes_in_parts_of_bounded_length(ada: APIClient) -> None:
    pk = send_text(ada).json()["id"]
    Document.objects.update(version=1, state="indexed")
    headings = [{"start": start, "level": 1, "title": str(start)} for start in (0, 3, 1_000_000)]
    text = "\U0001f30a" * 3 + "b" * 1_200_000  # a wave is one code point
    Extraction.objects.create(document_id=pk, version=1, text=text, pages=[0, 3], headings=headings)

    def part(**asked: int) -> dict[str, Any]:
        found: dict[str, Any] = ada.get(f"{URL}/{pk}/text", asked).json()
        assert (found["total"], found["pages"]) == (1_200_003, [0, 3])
        return found

    assert part()["text"] == text[:100_000]
    assert part()["headings"] == headings[:2]
    assert part(limit=1_000_000)["text"] == text[:1_000_000]
    assert part(offset=2, limit=2)["text"] == "\U0001f30ab"
    assert part(offset=2, limit=2)["headings"] == headings[1:2]
    rest = part(offset=1_000_000, limit=1_000_000)
    assert (len(rest["text"]), rest["offset"], rest["headings"]) == (
        200_003,
        1_000_000,
        headings[2:],
    )
    assert part(offset=2_000_000)["text"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "1000001"), ("offset", "-1"), ("offset", "9" * 20)],
)
def test_a_bad_part_is_named(ada: APIClient, name: str, value: str) -> None:
    answer = ada.get(f"{URL}/{send_text(ada).json()['id']}/text", {name: value})
    assert (answer.status_code, list(answer.json())) == (400, [name])


def test_the_original_comes_back_as_an_attachment_that_nothing_runs(ada: APIClient) -> None:
    pk = send_file(ada, "Prüfung.html", b"<script>alert(1)</script>").json()["id"]
    answer: Any = ada.get(f"{URL}/{pk}/original")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''Pr%C3%BCfung.html"
    )
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    storage.original_path(Document.objects.get().content_hash).unlink()
    assert ada.get(f"{URL}/{pk}/original").status_code == 404


def test_title_and_metadata_can_be_changed(ada: APIClient) -> None:
    pk = send_text(ada, metadata={"a": 1}).json()["id"]
    changed = ada.patch(f"{URL}/{pk}", {"title": "Better", "metadata": {"b": 2}}, format="json")
    assert changed.status_code == 200
    assert (changed.json()["title"], changed.json()["metadata"]) == ("Better", {"b": 2})
    assert ada.patch(f"{URL}/{pk}", {}, format="json").json()["title"] == "Better"
    for bad in (
        {"title": ""},
        {"title": " "},
        {"metadata": 3},
        {"state": "indexed"},
        {"title": "\0"},
    ):
        assert ada.patch(f"{URL}/{pk}", bad, format="json").status_code == 400


def test_a_document_is_deleted_once(ada: APIClient) -> None:
    pk = send_text(ada).json()["id"]
    assert ada.delete(f"{URL}/{pk}").status_code == 204
    assert ada.delete(f"{URL}/{pk}").status_code == 404


def test_only_a_failed_document_is_tried_again(ada: APIClient) -> None:
    pk = send_text(ada).json()["id"]
    assert ada.post(f"{URL}/{pk}/retry").status_code == 409
    Document.objects.update(state="failed", error_code="empty_file")
    told = ada.get(f"{URL}/{pk}").json()
    assert (told["error"], told["error_code"]) == ("The file is empty.", "empty_file")
    again = ada.post(f"{URL}/{pk}/retry")
    assert (again.status_code, again.json()["state"], again.json()["error_code"]) == (
        202,
        "queued",
        "",
    )


@pytest.mark.parametrize("path", ["documents/1", "documents/", "nothing", ""])
def test_an_unknown_address_answers_in_json(ada: APIClient, path: str) -> None:
    answer = ada.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert "/api/v1/docs" in answer.json()["detail"]


def test_a_method_that_is_not_offered_is_answered_in_the_same_form(ada: APIClient) -> None:
    answer = ada.put(f"{URL}", {}, format="json")
    assert (answer.status_code, list(answer.json())) == (405, ["detail"])


def test_an_unforeseen_error_is_told_in_the_same_form(
    ada: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Document, "get_absolute_url", lambda self: 1 / 0)
    ada.raise_request_exception = False
    answer = send_text(ada)
    assert answer.status_code == 500
    assert answer.json() == {"detail": "Something went wrong on the server. It has been logged."}
