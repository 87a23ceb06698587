"""What a browser may keep, and which of its powers a page may use."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.auth import create_token

PAGES = ("/", "/documents/", "/account/", "/account/sessions/", "/admin/", "/nowhere/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/api/v1/collections", "/api/v1/documents"])
def test_what_is_shown_to_a_signed_in_user_is_not_kept(path: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.django_db
def test_what_a_token_gets_is_not_kept() -> None:
    token = create_token(User.objects.create_user("ada"), "a program")
    answer = Client().get("/api/v1/documents", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_what_everybody_may_see_may_be_kept() -> None:
    assert "no-store" not in Client().get("/").headers.get("Cache-Control", "")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/api/v1/collections", "/healthz", "/nowhere/"])
def test_no_page_may_use_camera_microphone_or_place(path: str) -> None:
    policy = Client().get(path).headers["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(policy.split(", "))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/account/login/", "/admin/login/", "/api/v1/collections"])
def test_no_site_frames_an_answer_guesses_its_type_or_learns_its_address(path: str) -> None:
    headers = Client().get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/documents/", "/healthz", "/api/v1/collections"])
def test_a_request_is_not_sent_back_as_it_came(path: str) -> None:
    answer = Client().trace(path, headers={"X-Secret": "kept-in-the-dark"})
    assert answer.status_code in (401, 405)
    assert b"kept-in-the-dark" not in answer.content
