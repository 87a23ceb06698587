"""Callers of the REST API for the tests."""

from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from documents.auth import api_tokens


def make_user(name: str, *, staff: bool = False) -> User:
    """Without a password, since hashing one takes longer than a test; staff has all permissions."""
    return User.objects.create_user(name, is_staff=staff, is_superuser=staff)


def caller(user: User | None = None, **limits: Any) -> APIClient:
    """A client with a token of `user` within `limits` (those of `create_token`), or of nobody; CSRF
    is enforced as for a browser."""
    client = APIClient(enforce_csrf_checks=True)
    if user is not None:
        token = api_tokens.create_token(user, **limits)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def browser(user: User) -> APIClient:
    """A client with a session of `user`; CSRF is enforced as for a browser."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    return client
