"""Filter fields: what one registration gives, shown by fields that the product does not have."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower
from django.test import Client
from rest_framework import serializers
from rest_framework.test import APIClient

from documents.api.openapi_views import cached_schema
from documents.models import Document
from retrieval.live_index.index import current_index, live_index
from retrieval.query.filter_fields import FILTER_FIELDS, FilterField, chosen_in, parameters_of
from retrieval.query.parser import ParsedQuery, parse_query, text_spans
from retrieval.query.request import SearchRequest
from retrieval.search.page import SearchResponse
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()
indexing = pytest.mark.django_db

EXTENSION = FilterField(
    name="extension",
    label="File extension",
    parameter=serializers.ListField(child=serializers.CharField(max_length=20), required=False),
    column=Lower(
        Func(F("filename"), Value(r"\.([^.]+)$"), function="substring", output_field=TextField())
    ),
    operator=str.lower,
    describe=lambda value, _visible: f".{value}",
)
UPLOADER = FilterField(
    name="uploader",
    label="Uploader",
    parameter=serializers.ListField(child=serializers.IntegerField(), required=False),
    column="uploaded_by_id",
    facet="uploaded_by__username",
    operator=str,
)


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(FILTER_FIELDS, "extension", EXTENSION)
    cached_schema.cache_clear()
    yield
    cached_schema.cache_clear()


@pytest.fixture
def files(extension: None, indexed: Index) -> dict[str, Document]:
    names = ["pier.md", "quay.MD", "dock.rst", "plain"]
    return {
        name: indexed(name, f"The harbour has a {name}.", filename=name, type="md")
        for name in names
    }


def titles(page: SearchResponse) -> set[str]:
    return {result.document.title for result in page.results}


@indexing
@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
def test_a_field_registered_elsewhere_has_an_operator_in_every_mode(
    mode: str, files: dict[str, Document]
) -> None:
    def found(query: str) -> set[str]:
        return titles(search_documents(ANYONE, SearchRequest(query, mode=mode, rerank=False)))

    assert found("harbour extension:md") == {"pier.md", "quay.MD"}
    assert found("harbour extension:MD extension:rst") == {"pier.md", "quay.MD", "dock.rst"}
    assert found("extension:rst") == {"dock.rst"}
    assert found("harbour -extension:md") == {"dock.rst", "plain"}
    assert found("harbour extension:rst -title:dock") == set()


@indexing
def test_its_facet_counts_and_narrows(files: dict[str, Document]) -> None:
    request = SearchRequest("harbour", mode="lexical", rerank=False)
    page = search_documents(ANYONE, request)
    assert [(f.value, f.label, f.count) for f in page.facets["extension"]] == [
        ("md", ".md", 2), ("rst", ".rst", 1),
    ]  # fmt: skip
    narrowed = search_documents(ANYONE, SearchRequest("harbour", filters={"extension": ("rst",)}))
    assert (narrowed.total, titles(narrowed)) == (1, {"dock.rst"})


@pytest.mark.django_db(transaction=True)
def test_it_is_a_parameter_of_the_api_and_of_the_page(files: dict[str, Document]) -> None:
    asked = {"q": "harbour", "extension": ["md", "rst"], "rerank": "false"}
    answer = APIClient().get("/api/v1/search", asked).json()
    assert {one["document"]["title"] for one in answer["results"]} == {
        "pier.md", "quay.MD", "dock.rst",
    }  # fmt: skip
    assert [f["value"] for f in answer["facets"]["extension"] if f["selected"]] == ["md", "rst"]
    refused = APIClient().get("/api/v1/search", {"q": "harbour", "extension": "x" * 21})
    assert (refused.status_code, list(refused.json())) == (400, ["extension"])

    found = Client().get("/?q=harbour&extension=rst&rerank=false").context["found"]
    assert [result.document.title for result in found.results] == ["dock.rst"]
    group = next(group for group in found.facets if group.title == "File extension")
    assert [(choice.label, choice.selected) for choice in group.shown] == [
        (".md", False), (".rst", True),
    ]  # fmt: skip
    assert "extension=rst&extension=md" in group.shown[0].address
    schema = APIClient().get("/api/v1/schema", HTTP_ACCEPT="application/json").json()
    named = [p["name"] for p in schema["paths"]["/api/v1/search"]["get"]["parameters"]]
    assert "extension" in named


@indexing
def test_it_is_an_option_of_the_command(
    files: dict[str, Document], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("search", "harbour", "--extension", "rst", "--mode", "lexical", "--no-rerank")
    printed = capsys.readouterr().out
    assert "dock.rst" in printed and "pier.md" not in printed


@indexing
def test_an_index_that_was_made_without_the_column_is_made_with_it(
    monkeypatch: pytest.MonkeyPatch, indexed: Index
) -> None:
    indexed("Pier", "The harbour has a pier.", filename="pier.md")
    assert live_index().compact()
    before = live_index().folder
    monkeypatch.setitem(FILTER_FIELDS, "extension", EXTENSION)
    from retrieval.live_index import index

    index._live.clear()  # as a process that starts
    assert live_index().folder != before
    found = search_documents(
        ANYONE, SearchRequest("harbour extension:md", mode="lexical", rerank=False)
    )
    assert titles(found) == {"Pier"}


@indexing
def test_a_facet_may_say_it_otherwise_than_the_column_and_null_is_no_value(
    monkeypatch: pytest.MonkeyPatch, indexed: Index
) -> None:
    monkeypatch.setitem(FILTER_FIELDS, "uploader", UPLOADER)
    ada = User.objects.create_user("ada")
    indexed("Hers", "The harbour.", uploaded_by=ada)
    indexed("Nobody's", "The harbour at noon.")
    page = search_documents(ANYONE, SearchRequest("harbour", mode="lexical", rerank=False))
    assert [(f.value, f.count) for f in page.facets["uploader"]] == [("ada", 1)]
    assert current_index().mask({"uploader": [ada.pk]}).sum() == 1


def test_an_operator_is_known_only_while_its_field_is(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = 'harbour extension:"MD" -extension:md'
    assert parse_query("harbour extension:MD") == ParsedQuery("harbour extension:MD")
    monkeypatch.setitem(FILTER_FIELDS, "extension", EXTENSION)
    assert parse_query("harbour extension:MD") == ParsedQuery(
        "harbour", filters={"extension": ("md",)}
    )
    assert parse_query(typed).filters == {"extension": ("md",)}
    assert parse_query(typed).without_filters == {"extension": ("md",)}
    assert [typed[a:b] for a, b in text_spans(typed)] == ["harbour"]


def test_parameters_choose_by_facet_and_back() -> None:
    parameters = {
        "year": ["2024", "soon", "0800", "2024"],
        "metadata": ["author:Ada: I", "author:", ":Bo", "none", "author:Bo", "topic:sea"],
        "collection": ["a", "b"],
        "colour": ["red"],
    }
    chosen = chosen_in(parameters)
    assert chosen == {
        "collection": ("a", "b"),
        "year": ("2024", "800"),
        "metadata.author": ("Ada: I", "Bo"),
        "metadata.topic": ("sea",),
    }
    assert list(parameters_of(chosen)) == [
        ("collection", "a"), ("collection", "b"), ("year", "2024"), ("year", "800"),
        ("metadata", "author:Ada: I"), ("metadata", "author:Bo"), ("metadata", "topic:sea"),
    ]  # fmt: skip
