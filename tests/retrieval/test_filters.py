"""Facets and filters: what is counted is what choosing shows, whatever it is chosen by."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import intake, rearranging
from documents.metadata import check_facets, has, texts
from documents.models import Collection, Document
from retrieval import kept
from retrieval.packing import pack, unpack
from retrieval.pages import Page, SearchRequest
from retrieval.ranking import DocumentScore, PassageScore, Ranking
from retrieval.results import find
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()
HARBOUR = SearchRequest("harbour", mode="lexical", rerank=False, page_size=50)
indexing = pytest.mark.django_db


@pytest.fixture
def port(collection: Collection, indexed: Index) -> list[Document]:
    """Twelve documents on the harbour, with two authors, a list of topics, years and languages."""
    Collection.objects.filter(pk=collection.pk).update(facets=["author", "topics"])
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


def counts(page: Page, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet]}


def choosing(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """The request with one more value chosen."""
    if facet == "year":
        return replace(request, years=(*request.years, int(value)))
    if facet.startswith("metadata."):
        pair = (facet.removeprefix("metadata."), value)
        return replace(request, metadata=(*request.metadata, pair))
    name = {"collection": "collections", "type": "types", "language": "languages"}[facet]
    chosen: dict[str, Any] = {name: (*getattr(request, name), value)}
    return replace(request, **chosen)


@indexing
def test_each_value_of_each_facet_leaves_as_many_as_it_says(port: list[Document]) -> None:
    page = find(ANYONE, HARBOUR)
    assert list(page.facets) == [
        "collection", "type", "language", "year", "metadata.author", "metadata.topics",
    ]  # fmt: skip
    assert counts(page, "language") == {"en": 9, "de": 3}
    assert [f.label for f in page.facets["language"]] == ["English", "German"]
    assert [f.value for f in page.facets["year"]] == ["2022", "2021", "2020"]
    assert counts(page, "metadata.topics") == {"sea": 12, "land": 4}
    for facet, values in page.facets.items():
        for value in values:
            chosen = find(ANYONE, choosing(replace(HARBOUR, search_id=page.search_id), facet,
                                           value.value))  # fmt: skip
            afresh = find(ANYONE, choosing(HARBOUR, facet, value.value))
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
    assert [find(ANYONE, request).total for request in (first, both, ada)] == [4, 8, 4]
    # Years are counted as Ada leaves them, not as the years chosen do.
    assert counts(find(ANYONE, ada), "year") == {"2022": 2, "2021": 2, "2020": 2}
    page = find(ANYONE, both)
    for value in page.facets["metadata.author"]:
        assert find(ANYONE, choosing(both, "metadata.author", value.value)).total == value.count


@indexing
@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
def test_a_search_that_was_cut_is_made_anew_inside_the_filter(
    mode: str, indexed: Index, settings: Any
) -> None:
    settings.CANDIDATES = 10
    for n in range(20):
        indexed(f"New {n}", f"Harbour harbour harbour {n}.", metadata={"year": 2024})
    for n in range(4):
        indexed(f"Old {n}", f"Bread and butter, and far from here a harbour {n}.", language="de",
                metadata={"year": 1999})  # fmt: skip
    request = SearchRequest("harbour", mode=mode, rerank=False)
    page = find(ANYONE, request)
    assert (page.total_relation, page.facets_relation) == ("gte", "gte")
    assert counts(page, "year") == {"2024": page.total}
    narrowings: list[dict[str, Any]] = [
        {"years": (1999,)}, {"languages": ("de",)}, {"metadata": (("year", "1999"),)},
    ]  # fmt: skip
    for narrowing in narrowings:
        old = find(ANYONE, replace(request, search_id=page.search_id, **narrowing))
        assert {result.document.title for result in old.results} == {f"Old {n}" for n in range(4)}
        assert (old.total, old.total_relation) == (4, "eq")
        assert counts(old, "collection") == {"handbook": 4}
    back = find(ANYONE, replace(request, search_id=page.search_id))
    assert (back.total, back.total_relation) == (page.total, "gte")


@indexing
def test_operators_in_the_query_filter_too(port: list[Document]) -> None:
    def found(query: str) -> int:
        return find(ANYONE, SearchRequest(query, mode="lexical")).total

    assert found("harbour language:german") == found("harbour language:de") == 3
    assert found("harbour year:2020 year:2021") == 8
    assert found("year:2022") == 4
    assert found("harbour language:de year:2020") == 1
    assert find(ANYONE, SearchRequest("harbour year:2020", years=(2021,))).total == 0


@indexing
def test_filters_follow_a_document_that_was_moved_or_changed_since(port: list[Document]) -> None:
    page = find(ANYONE, HARBOUR)
    yard = Collection.objects.get(slug="yard")
    moved = [document for document in port if document.collection_id != yard.pk][:2]
    rearranging.move(moved, yard)
    intake.update(port[0], metadata={"author": "Eve", "date": "1999"})
    assert counts(page, "collection") == {"handbook": 9, "yard": 3}
    again = find(ANYONE, replace(HARBOUR, search_id=page.search_id))
    assert again.search_id == page.search_id
    assert counts(again, "collection") == {"handbook": 7, "yard": 5}
    assert counts(again, "metadata.author")["Eve"] == counts(again, "year")["1999"] == 1
    for slug, held in (("yard", 5), ("handbook", 7)):
        kept = find(ANYONE, replace(again_in(slug), search_id=page.search_id))
        assert (kept.total, {r.document.collection for r in kept.results}) == (held, {slug})


def again_in(slug: str) -> SearchRequest:
    return replace(HARBOUR, collections=(slug,))


@indexing
def test_a_list_kept_for_a_collection_loses_what_was_moved_out_of_it(port: list[Document]) -> None:
    inside = replace(HARBOUR, query="harbour collection:yard")
    page = find(ANYONE, inside)
    rearranging.move(port[:1], Collection.objects.get(slug="handbook"))
    again = find(ANYONE, replace(inside, search_id=page.search_id))
    assert (page.total, again.total, counts(again, "collection")) == (3, 2, {"yard": 2})


@indexing
def test_facets_tell_nothing_of_what_the_caller_may_not_see(
    collection: Collection, indexed: Index
) -> None:
    hidden = Collection.objects.create(
        name="Secret", slug="secret", visibility="restricted", facets=["project", "author"]
    )
    indexed("Open", "The harbour.", metadata={"project": "Pier", "author": "Ada"})
    indexed("Closed", "The harbour.", into=hidden, language="fr",
            metadata={"project": "Bunker", "author": "Eve", "year": 1984})  # fmt: skip
    page = find(ANYONE, HARBOUR)
    assert "metadata.project" not in page.facets and "metadata.author" not in page.facets
    assert "1984" not in counts(page, "year") and "fr" not in counts(page, "language")
    guessed = find(ANYONE, replace(HARBOUR, metadata=(("author", "Eve"), ("author", "Ada"))))
    assert counts(guessed, "metadata.author") == {"Ada": 1, "Eve": 0}
    assert find(ANYONE, replace(HARBOUR, collections=("secret",))).total == 0
    staff = find(User.objects.create_user("root", is_staff=True), HARBOUR)
    assert counts(staff, "metadata.author") == {"Ada": 1, "Eve": 1}
    assert counts(staff, "metadata.project") == {"Bunker": 1, "Pier": 1}


@indexing
def test_the_year_is_of_the_metadata_else_of_the_content_else_of_the_day_it_was_added(
    collection: Collection,
) -> None:
    def year(**fields: Any) -> int:
        document = Document.objects.create(collection=collection, key=repr(fields), **fields)
        Document.objects.filter(pk=document.pk).update(created_at=datetime(2031, 1, 1, tzinfo=UTC))
        return Document.objects.get(pk=document.pk).year

    assert year(metadata={"date": "2019-04-01"}) == 2019
    assert year(metadata={"date": "1st of May 1843"}) == 1843
    assert year(metadata={"year": 2007, "date": "unknown"}) == 2007
    assert year(metadata={"published": "2001", "created": 1999}) == 2001
    assert year(metadata={"created": 1999}, dated=date(2020, 1, 1)) == 1999
    assert year(dated=date(2020, 12, 31)) == 2020
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
        Document.objects.create(collection=collection, key=str(n), metadata={"field": value})
    asked = {text for value in VALUES for text in texts(value)}
    asked |= {"2024.0", "1.50", "[1]", "null", "None", "True", "deep", "ada", "1e20", "1" * 400}
    assert {"Ada", "2024", "true", "7", "100000000000000000000", "-3"} <= asked
    for text in asked:
        by_database = set(Document.objects.filter(has("field", text)).values_list("key", flat=True))
        by_facets = {str(n) for n, value in enumerate(VALUES) if text in texts(value)}
        assert by_database == by_facets, text


def test_facets_that_no_address_could_name_are_refused() -> None:
    check_facets(["author", "cost center", "2024"])
    for wrong in (["a:b"], ["a,b"], [" a"], [""], ["a", "a"], ["a\0"], list("abcdefghi")):
        with pytest.raises(ValidationError):
            check_facets(wrong)


@indexing
def test_the_admin_takes_facets_with_commas_between(admin_client: Client) -> None:
    address = reverse("admin:documents_collection_add")
    members = {f"members-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    form = {"name": "Case law", "slug": "law", "language": "en", "visibility": "public", **members}
    refused = admin_client.post(address, {**form, "facets": "court,a:b"})
    assert "A facet is the name of a metadata field" in refused.content.decode()
    assert admin_client.post(address, {**form, "facets": "court, judge"}).status_code == 302
    assert Collection.objects.get(slug="law").facets == ["court", "judge"]


number, rank = st.floats(-1e6, 1e6), st.integers(1, 999)
passages = st.builds(
    PassageScore, st.integers(1, 2**40), number, st.none() | number, st.none() | rank,
    st.none() | number, st.none() | rank,
)  # fmt: skip
documents = st.builds(
    DocumentScore, st.uuids().map(str), number, number, rank,
    st.lists(passages, min_size=1, max_size=4).map(tuple), st.none() | number,
    st.none() | rank, st.integers(0, 9), number,
)  # fmt: skip


@settings(max_examples=30)
@given(st.lists(documents, max_size=5))
def test_a_kept_list_comes_back_as_it_was_but_for_the_last_digits(
    listed: list[DocumentScore],
) -> None:
    again = unpack(pack(listed))
    assert [d.document_id for d in again] == [d.document_id for d in listed]
    for before, after in zip(listed, again, strict=True):
        assert_same(before, after, skip="passages")
        for one, other in zip(before.passages, after.passages, strict=True):
            assert_same(one, other)


def assert_same(before: Any, after: Any, skip: str = "") -> None:
    for name in vars(before):
        value = getattr(after, name)
        if isinstance(value, float):
            assert value == pytest.approx(getattr(before, name), rel=1e-6, abs=1e-30)
        elif name != skip:
            assert value == getattr(before, name)


@indexing
def test_a_kept_search_of_a_hundred_documents_takes_less_than_ten_kilobytes() -> None:
    random = Random(4)
    listed = tuple(
        DocumentScore(
            str(UUID(int=random.getrandbits(128))), random.random(), random.random(), n + 1,
            tuple(PassageScore(random.getrandbits(20), random.random(), random.random() * 9, n + 1,
                               random.random(), None) for _ in range(1 + n % 2)),
        )
        for n in range(100)
    )  # fmt: skip
    ranking = Ranking(("en:tide", "en:moon"), listed, True, False, 0, {"total": 12.5})
    base = tuple(document.document_id for document in listed)
    kept.keep("measured", kept.Kept("anyone", ("tide",), {}, base, True, ranking, False))
    assert len(cache.get("kept:measured")) < 10_000
