"""The OpenAPI document is valid and says what the API does; its page works under our policy."""

import io
import shutil

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright
from rest_framework.test import APIClient

from tests.live import LiveStack

METHODS = {
    "/api/v1/search": {"get"},
    "/api/v1/suggest": {"get"},
    "/api/v1/documents": {"get", "post"},
    "/api/v1/documents/{id}": {"get", "patch", "delete"},
    "/api/v1/documents/{id}/status": {"get"},
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


@pytest.fixture
def messages(live_stack: LiveStack) -> list[str]:
    """What the browser complains of while it shows the page and opens one operation."""
    found: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        page = browser.new_page()
        page.on("console", lambda message: found.append(message.text))
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on(
            "request",
            lambda request: (
                found.append(request.url) if _foreign(request.url, live_stack) else None
            ),
        )
        page.goto(f"{live_stack.url}/api/v1/docs")
        page.click("#operations-search-search .opblock-summary-control")
        page.wait_for_selector("text=Words, “exact phrases” in straight quotes")
        browser.close()
    return found


def _foreign(address: str, stack: LiveStack) -> bool:
    return not address.startswith((stack.url, "data:"))


def test_the_page_works_without_breaking_the_policy_or_leaving_the_house(
    messages: list[str],
) -> None:
    assert messages == []
