"""The OpenAPI document is valid and says what the API does."""

import io

from django.core.management import call_command
from rest_framework.test import APIClient

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
