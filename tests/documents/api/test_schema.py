"""The OpenAPI document is valid and says what the API does."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from documents.api import openapi_views

METHODS = {
    "/api/v1/search": {"get"},
    "/api/v1/autocomplete": {"get"},
    "/api/v1/documents": {"get", "post"},
    "/api/v1/documents/{id}": {"get", "patch", "delete"},
    "/api/v1/documents/{id}/state": {"get"},
    "/api/v1/documents/{id}/text": {"get"},
    "/api/v1/documents/{id}/original": {"get"},
    "/api/v1/documents/{id}/retry": {"post"},
    "/api/v1/collections": {"get", "post"},
    "/api/v1/collections/{slug}": {"get", "patch", "delete"},
    "/api/v1/collections/{slug}/members": {"get", "post"},
    "/api/v1/collections/{slug}/members/{id}": {"patch", "delete"},
}


def test_the_schema_validates_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_the_schema_holds_every_address_and_the_token() -> None:
    schema = APIClient().get("/api/v1/schema?format=json").json()
    offered = {path: set(methods) for path, methods in schema["paths"].items()}
    assert {path: offered.get(path) for path in METHODS} == METHODS
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_operation_and_every_parameter_is_explained() -> None:
    schema = APIClient().get("/api/v1/schema?format=json").json()
    operations = [op for methods in schema["paths"].values() for op in methods.values()]
    assert [op["operationId"] for op in operations if not op.get("description")] == []
    unexplained = [
        (op["operationId"], parameter["name"])
        for op in operations
        for parameter in op.get("parameters", [])
        if parameter["in"] == "query" and not parameter.get("description")
    ]
    assert unexplained == []


def test_the_schema_is_made_once_for_each_language_and_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, made = APIClient(), []
    get_schema = SchemaGenerator.get_schema

    def counted(generator: SchemaGenerator, *args: Any, **kwargs: Any) -> Any:
        made.append(get_language())
        return get_schema(generator, *args, **kwargs)

    openapi_views.cached_schema.cache_clear()
    monkeypatch.setattr(SchemaGenerator, "get_schema", counted)
    for language in ("en", "de", "en"):
        for form in ("json", "yaml"):
            # What the library takes for another language must not have it made anew.
            asked = f"/api/v1/schema?format={form}&lang={len(made)}"
            assert b"listDocuments" in client.get(asked, HTTP_ACCEPT_LANGUAGE=language).content
    assert made == ["en", "en", "de", "de"]


def test_the_schema_is_never_made_in_two_threads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running: list[int] = []
    most: list[int] = []

    def slow(generator: SchemaGenerator, *args: Any, **kwargs: Any) -> Any:
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        return {"openapi": "3.0.3"}

    openapi_views.cached_schema.cache_clear()
    monkeypatch.setattr(SchemaGenerator, "get_schema", slow)
    with ThreadPoolExecutor(4) as pool:
        asked = [f"/api/v1/schema?format={form}" for form in ("json", "yaml", "json", "yaml")]
        answers = list(pool.map(lambda address: APIClient().get(address), asked))
    openapi_views.cached_schema.cache_clear()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert most == [1, 1]
