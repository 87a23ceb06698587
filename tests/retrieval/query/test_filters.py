"""Facets and filters: a facet count is the number of results after selecting its value."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from documents.library import collections as library_collections
from documents.library import uploads
from documents.metadata import check_facets, day_expression, has_value, metadata_values
from documents.models import Collection, Document
from documents.models.ranking_settings import WEIGHT_FIELDS
from retrieval.query.request import SearchRequest
from retrieval.search.page import SearchResponse
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()
HARBOUR = SearchRequest("harbour", mode="lexical", rerank=False, page_size=50)
indexing = pytest.mark.django_db


@pytest.fixture
def port(collection: Collection, indexed: Index) -> list[Document]:
    """Twelve documents on the harbour, with two authors, a list of topics, years and languages."""
    Collection.objects.filter(pk=collection.pk).update(facet_fields=["author", "topics"])
    other = Collection.objects.create(name="Yard", slug="yard", visibility="public")
    return [
        indexed(
            f"Harbour {n}",
            f"The harbour has berth number {n}.",
            into=other if n % 4 == 0 else collection,
            type="pdf" if n % 3 else "txt",
            language="de" if n < 3 else "en",
            metadata={
                "author": "Ada" if n % 2 else "Bo",
                "topics": ["sea", "land"] if n < 4 else "sea",
                "date": f"{2020 + n % 3}-05-17",
                "shelf": n,
            },
        )
        for n in range(12)
    ]


def counts(page: SearchResponse, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet]}


def choosing(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """The request with one more value chosen."""
    chosen = (*request.filters.get(facet, ()), value)
    return replace(request, filters={**request.filters, facet: chosen})


@indexing
def test_each_value_of_each_facet_leaves_as_many_as_it_says(port: list[Document]) -> None:
    page = search_documents(ANYONE, HARBOUR)
    assert list(page.facets) == [
        "collection", "type", "language", "year", "metadata.author", "metadata.topics",
    ]  # fmt: skip
    assert counts(page, "language") == {"en": 9, "de": 3}
    assert [f.label for f in page.facets["language"]] == ["English", "German"]
    assert [f.value for f in page.facets["year"]] == ["2022", "2021", "2020"]
    assert counts(page, "metadata.topics") == {"sea": 12, "land": 4}
    for facet, values in page.facets.items():
        for value in values:
            again = replace(HARBOUR, search_id=page.search_id)
            chosen = search_documents(ANYONE, choosing(again, facet,
                                           value.value))  # fmt: skip
            afresh = search_documents(ANYONE, choosing(HARBOUR, facet, value.value))
            assert chosen.search_id == page.search_id
            for narrowed in (chosen, afresh):
                assert (narrowed.total, narrowed.total_relation) == (value.count, "eq")
                assert len(narrowed.results) == narrowed.total
            assert chosen.facets == afresh.facets
            assert [f.value for f in chosen.facets[facet] if f.selected] == [value.value]


@indexing
def test_values_of_one_facet_widen_and_facets_narrow(port: list[Document]) -> None:
    first = choosing(HARBOUR, "year", "2020")
    both = choosing(first, "year", "2021")
    ada = choosing(both, "metadata.author", "Ada")
    assert [search_documents(ANYONE, request).total for request in (first, both, ada)] == [4, 8, 4]
    # Years are counted as Ada leaves them, not as the years chosen do.
    assert counts(search_documents(ANYONE, ada), "year") == {"2022": 2, "2021": 2, "2020": 2}
    page = search_documents(ANYONE, both)
    for value in page.facets["metadata.author"]:
        assert (
            search_documents(ANYONE, choosing(both, "metadata.author", value.value)).total
            == value.count
        )


@indexing
@pytest.mark.parametrize(
    ("mode", "listed"),
    [("lexical", {"2024": 20, "1999": 4}), ("hybrid", {"2024": 20, "1999": 4}),
     ("dense", {"2024": 10})],
)  # fmt: skip
def test_a_search_with_more_than_its_candidates_is_repeated_inside_the_filter(
    mode: str, listed: dict[str, int], indexed: Index, settings: Any
) -> None:
    """Words count wherever they stand, meaning counts for the best documents."""
    settings.RETRIEVER_TOP_K = 10
    for n in range(20):
        indexed(f"New {n}", f"Harbour harbour harbour {n}.", metadata={"year": 2024})
    for n in range(4):
        indexed(f"Old {n}", f"Bread and butter, and far from here a harbour {n}.", type="md",
                metadata={"year": 1999})  # fmt: skip
    request = SearchRequest("harbour", mode=mode, rerank=False)
    page = search_documents(ANYONE, request)
    assert (page.total, page.total_relation) == (sum(listed.values()), "eq")
    assert (counts(page, "year"), page.facets_relation) == (listed, "eq")
    narrowings: list[dict[str, Any]] = [
        {"year": ("1999",)}, {"type": ("md",)}, {"metadata.year": ("1999",)},
    ]  # fmt: skip
    for narrowing in narrowings:
        old = search_documents(
            ANYONE, replace(request, search_id=page.search_id, filters=narrowing)
        )
        assert {result.document.title for result in old.results} == {f"Old {n}" for n in range(4)}
        assert (old.total, old.total_relation) == (4, "eq")
        assert counts(old, "collection") == {"handbook": 4}
    back = search_documents(ANYONE, replace(request, search_id=page.search_id))
    assert (back.total, back.total_relation) == (page.total, "eq")


@indexing
def test_operators_in_the_query_filter_too(port: list[Document]) -> None:
    def found(query: str) -> int:
        return search_documents(ANYONE, SearchRequest(query, mode="lexical")).total

    assert found("harbour language:german") == found("harbour language:de") == 3
    assert found("harbour year:2020 year:2021") == 8
    assert found("year:2022") == 4
    assert found("harbour language:de year:2020") == 1
    assert (
        search_documents(
            ANYONE, SearchRequest("harbour year:2020", filters={"year": ("2021",)})
        ).total
        == 0
    )


@indexing
def test_filters_follow_a_document_that_was_moved_or_changed_since(port: list[Document]) -> None:
    page = search_documents(ANYONE, HARBOUR)
    yard = Collection.objects.get(slug="yard")
    moved = [document for document in port if document.collection_id != yard.pk][:2]
    library_collections.move_documents(moved, yard, None)
    uploads.update_document(port[0], metadata={"author": "Eve", "date": "1999"})
    assert counts(page, "collection") == {"handbook": 9, "yard": 3}
    again = search_documents(ANYONE, replace(HARBOUR, search_id=page.search_id))
    assert again.search_id == page.search_id
    assert counts(again, "collection") == {"handbook": 7, "yard": 5}
    assert counts(again, "metadata.author")["Eve"] == counts(again, "year")["1999"] == 1
    for slug, held in (("yard", 5), ("handbook", 7)):
        kept = search_documents(ANYONE, replace(again_in(slug), search_id=page.search_id))
        assert (kept.total, {r.document.collection for r in kept.results}) == (held, {slug})


def again_in(slug: str) -> SearchRequest:
    return replace(HARBOUR, filters={"collection": (slug,)})


@indexing
def test_a_list_kept_for_a_collection_loses_what_was_moved_out_of_it(port: list[Document]) -> None:
    inside = replace(HARBOUR, query="harbour collection:yard")
    page = search_documents(ANYONE, inside)
    library_collections.move_documents(
        port[:1], Collection.objects.get(slug="handbook"), None, confirmed=True
    )
    again = search_documents(ANYONE, replace(inside, search_id=page.search_id))
    assert (page.total, again.total, counts(again, "collection")) == (3, 2, {"yard": 2})


@indexing
def test_facets_tell_nothing_of_what_the_caller_may_not_see(
    collection: Collection, indexed: Index
) -> None:
    hidden = Collection.objects.create(
        name="Secret", slug="secret", visibility="restricted", facet_fields=["project", "author"]
    )
    indexed("Open", "The harbour.", metadata={"project": "Pier", "author": "Ada"})
    indexed("Closed", "The harbour.", into=hidden, language="fr",
            metadata={"project": "Bunker", "author": "Eve", "year": 1984})  # fmt: skip
    page = search_documents(ANYONE, HARBOUR)
    assert "metadata.project" not in page.facets and "metadata.author" not in page.facets
    assert "1984" not in counts(page, "year") and "fr" not in counts(page, "language")
    guessed = search_documents(
        ANYONE, replace(HARBOUR, filters={"metadata.author": ("Eve", "Ada")})
    )
    assert counts(guessed, "metadata.author") == {"Ada": 1, "Eve": 0}
    assert (
        search_documents(ANYONE, replace(HARBOUR, filters={"collection": ("secret",)})).total == 0
    )
    staff = search_documents(User.objects.create_superuser("root"), HARBOUR)
    assert counts(staff, "metadata.author") == {"Ada": 1, "Eve": 1}
    assert counts(staff, "metadata.project") == {"Bunker": 1, "Pier": 1}


@indexing
def test_the_year_is_of_the_metadata_else_of_the_content_else_of_the_day_it_was_added(
    collection: Collection,
) -> None:
    def year(**fields: Any) -> int:
        document = Document.objects.create(
            collection=collection, external_id=repr(fields), **fields
        )
        Document.objects.filter(pk=document.pk).update(created_at=datetime(2031, 1, 1, tzinfo=UTC))
        return Document.objects.get(pk=document.pk).year

    assert year(metadata={"date": "2019-04-01"}) == 2019
    assert year(metadata={"date": "1st of May 1843"}) == 1843
    assert year(metadata={"year": 2007, "date": "unknown"}) == 2007
    assert year(metadata={"published": "2001", "created": 1999}) == 2001
    assert year(metadata={"created": 1999}, content_date=date(2020, 1, 1)) == 1999
    assert year(content_date=date(2020, 12, 31)) == 2020
    assert year(metadata={"date": 1714521600}) == 2031
    assert year(metadata={"date": ["2019"], "year": None}) == 2019
    assert year(metadata=["2019"]) == year() == 2031


VALUES = [
    "Ada", " Ada", "", "2024", 2024, 2024.0, 1.5, "1.5", "2024.0", 0, "0", True, "true", False,
    None, ["Ada", 7, True, ["deep"], {"a": 1}], [], {"Ada": 1}, ["2024"], [2024.0], 10**20, -3,
    "[1]", '"Ada"', "null", "x" * 300, "NaN",
]  # fmt: skip


@indexing
def test_the_database_and_facets_agree_on_what_a_value_is(collection: Collection) -> None:
    for n, value in enumerate(VALUES):
        Document.objects.create(
            collection=collection, external_id=str(n), metadata={"field": value}
        )
    asked = {text for value in VALUES for text in metadata_values(value)}
    asked |= {"2024.0", "1.50", "[1]", "null", "None", "True", "deep", "ada", "1e20", "1" * 400}
    assert {"Ada", "2024", "true", "7", "100000000000000000000", "-3"} <= asked
    for text in asked:
        by_database = set(
            Document.objects.filter(has_value("field", text)).values_list("external_id", flat=True)
        )
        by_facets = {str(n) for n, value in enumerate(VALUES) if text in metadata_values(value)}
        assert by_database == by_facets, text


@indexing
@pytest.mark.parametrize(
    ("metadata", "content", "day"),
    [
        ({}, None, date(2026, 5, 4)),
        ({}, date(2020, 2, 3), date(2020, 2, 3)),
        ({"date": "sent on 2019-03-04T10:00"}, date(2020, 2, 3), date(2019, 3, 4)),
        ({"year": 1843}, date(2020, 2, 3), date(1843, 1, 1)),
        ({"date": "soon", "published": "2018-12-31"}, None, date(2018, 12, 31)),
        ({"date": "2021-02-31"}, None, date(2021, 1, 1)),  # no such day, but a year
        ({"date": "12021-02-03"}, None, date(2026, 5, 4)),
    ],
)
def test_the_day_of_a_document_and_its_year_come_from_the_same_places(
    collection: Collection, indexed: Index, metadata: dict[str, Any], content: date, day: date
) -> None:
    port = indexed("Port", "A harbour.", metadata=metadata, content_date=content)
    uploaded = datetime(2026, 5, 4, 23, 0, tzinfo=UTC)
    Document.objects.filter(pk=port.pk).update(created_at=uploaded)
    port.refresh_from_db()

    assert Document.objects.values_list(day_expression(), flat=True).get() == day
    assert port.year == day.year
    assert search_documents(ANYONE, replace(HARBOUR, query=f"harbour after:{day}")).total == 1
    assert search_documents(ANYONE, replace(HARBOUR, query=f"harbour before:{day}")).total == 0


def test_facets_that_no_address_could_name_are_refused() -> None:
    check_facets(["author", "cost center", "2024"])
    for wrong in (["a:b"], ["a,b"], [" a"], [""], ["a", "a"], ["a\0"], list("abcdefghi")):
        with pytest.raises(ValidationError):
            check_facets(wrong)


@indexing
def test_the_admin_takes_facets_with_commas_between(admin_client: Client) -> None:
    address = reverse("admin:documents_collection_add")
    members = {f"members-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    form = {"name": "Case law", "slug": "law", "language": "en", **members}
    form |= {"visibility": "public", "internal_role": "reader", "recency_floor": "0.5"}
    form |= dict.fromkeys(WEIGHT_FIELDS, "1")
    refused = admin_client.post(address, {**form, "facet_fields": "court,a:b"})
    assert "A facet is the name of a metadata field" in refused.content.decode()
    assert admin_client.post(address, {**form, "facet_fields": "court, judge"}).status_code == 302
    assert Collection.objects.get(slug="law").facet_fields == ["court", "judge"]
