"""Dangerous acts ask once more who it is."""

from typing import Any

import pytest
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from frontend.account import reauthentication_required

PASSWORD = "lantern-night"


@login_required
@reauthentication_required
def dangerous(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.POST.get('what', '')}")


urlpatterns = [path("dangerous/", dangerous), path("", include("search_project.urls"))]


@pytest.fixture(autouse=True)
def dangerous_view(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_a_form_goes_on_once_the_password_is_given(as_ada: Client) -> None:
    assert as_ada.get("/dangerous/").content == b"GET "
    asked = as_ada.post("/dangerous/", {"what": "all"})
    assert asked.headers["Location"] == "/account/confirm/?next=%2Fdangerous%2F"
    page = as_ada.get(asked.headers["Location"]).content
    assert b"Confirm that it is you" in page
    wrong = as_ada.post(asked.headers["Location"], {"password": "guess", "next": "/dangerous/"})
    assert b"The password is not right." in wrong.content
    done = as_ada.post(asked.headers["Location"], {"password": PASSWORD, "next": "/dangerous/"})
    assert done.content == b"POST all"
    assert as_ada.post("/dangerous/", {"what": "more"}).content == b"POST more"


def test_it_is_asked_again_after_a_while(as_ada: Client, settings: Any) -> None:
    as_ada.post("/account/confirm/", {"password": PASSWORD})
    assert as_ada.post("/dangerous/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert as_ada.post("/dangerous/").status_code == 302


def test_signing_in_long_ago_is_not_enough(anyone: Client, ada: User) -> None:
    anyone.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert anyone.post("/dangerous/").status_code == 302
