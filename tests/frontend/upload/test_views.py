"""The upload page, as a plain form and as its script uses it."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.library import uploads
from documents.models import Collection, Document
from tests.frontend.conftest import Written, reader

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def originals(settings: Any, tmp_path: Path) -> None:
    settings.ORIGINALS_DIR = tmp_path


def file(name: str, content: str = "The moon pulls.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def test_a_form_takes_many_files_and_says_what_became_of_each(
    as_ada: Client, shared: Collection
) -> None:
    sent = {"collection": "shared", "files": [file("a.txt"), file("b.md", "b"), file("c.txt")]}
    page = as_ada.post("/upload/", sent).content.decode()
    assert page.count("Queued") == 2
    assert page.count("Duplicate") == 1  # the bytes of the first
    assert Document.objects.count() == 2


def test_the_script_sends_one_file_and_is_told_where_it_is(
    as_ada: Client, ada: User, shared: Collection
) -> None:
    sent = {"collection": "shared", "path": "minutes/2026/a.txt", "files": [file("a.txt")]}
    answer = as_ada.post("/upload/", sent, headers=JSON).json()
    document = Document.objects.get()
    assert document.source == "minutes/2026/a.txt" and document.uploaded_by == ada
    told = answer["files"][0]
    assert told["created"] and told["state"] == "queued" and told["error"] == ""
    assert told["url"] == f"/documents/{document.pk}/"
    assert told["search"] == "/?q=a.txt&collection=shared"


def test_states_come_for_many_at_once_and_only_of_what_may_be_seen(
    as_ada: Client, shared: Collection, secret: Collection, written: Written
) -> None:
    mine = written("Mine", shared, state="failed", error_code="protected_file")
    hidden = written("Hidden", secret)
    ids = {"ids": [str(mine.pk), str(hidden.pk), str(uuid.uuid4())]}
    answer = as_ada.post("/upload/states", json.dumps(ids), content_type="application/json")
    assert [(s["id"], s["state"], s["problem"]) for s in answer.json()["states"]] == [
        (
            str(mine.pk),
            "failed",
            "The file is protected by a password. Remove the password and upload it again.",
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"ids": ["x"]}',
        '{"ids": 7}',
        "\xff",
        '{"ids":' + 100_000 * "[",
        "[" * 100_000,
    ],
)
def test_states_of_nonsense_are_refused(as_ada: Client, body: str) -> None:
    answer = as_ada.post("/upload/states", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_collection_that_may_only_be_read_takes_nothing(
    as_ada: Client, ada: User, secret: Collection
) -> None:
    reader(secret, ada)
    for slug in ("secret", "none", ""):
        sent = {"collection": slug, "files": [file("a.txt")]}
        assert as_ada.post("/upload/", sent).status_code == 400
        assert (
            "error" in as_ada.post("/upload/", sent | {"files": [file("a")]}, headers=JSON).json()
        )
    assert not Document.objects.exists()
    assert b"Secret" not in as_ada.get("/upload/").content


def test_the_form_without_scripts_says_how_many_files_it_takes(
    as_ada: Client, shared: Collection
) -> None:
    page = as_ada.get("/upload/").content.decode()
    assert "<noscript>" in page and "At most 50 files at a time." in page
    many = {"collection": "shared", "files": [file(f"{n}.txt", str(n)) for n in range(51)]}
    assert as_ada.post("/upload/", many).status_code == 413
    assert not Document.objects.exists()


@pytest.mark.parametrize("path", ["/upload/", "/admin/documents/document/upload/"])
def test_more_files_than_a_form_may_carry_are_refused_in_words(
    admin_client: Client, settings: Any, path: str
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    answer = admin_client.post(path, {"files": [file(f"{n}.txt") for n in range(4)]})
    assert answer.status_code == 413
    assert "a form takes at most 3. Send them in several goes" in answer.content.decode()


def test_a_queue_that_is_away_is_said_in_words_and_may_be_tried_again(
    as_ada: Client, shared: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise uploads.QueueUnavailable("broker_away")

    monkeypatch.setattr("documents.library.uploads.check_queue_reachable", away)
    sent = {"collection": "shared", "files": [file("a.txt")]}
    told = as_ada.post("/upload/", sent, headers=JSON).json()["files"][0]
    assert told["error"].startswith("The work queue cannot be reached") and told["again"]
    page = as_ada.post("/upload/", {"collection": "shared", "files": [file("a.txt")]})
    assert b"The work queue cannot be reached" in page.content
    assert not Document.objects.exists()


def test_who_is_not_signed_in_is_asked_to(anyone: Client) -> None:
    for address in ("/upload/", "/account/", "/account/password/"):
        assert anyone.get(address).headers["Location"] == f"/account/login/?next={address}"
    assert anyone.post("/documents/bulk").status_code == 302
