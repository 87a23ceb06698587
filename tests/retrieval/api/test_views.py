"""Search over REST: the response, access, and bad parameters."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from documents.models import Collection, CollectionMember
from tests.api import caller, make_user
from tests.retrieval.conftest import Index

URL = "/api/v1/search"
indexing = pytest.mark.django_db(transaction=True)

TIDES = "The spring tide follows the new moon, when sun and moon pull together."
BREAD = "A sourdough starter is fed with flour and water every day."


def search(client: APIClient, q: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(URL, {"q": q, "rerank": "false", **parameters})
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def titles(body: dict[str, Any]) -> list[str]:
    return [result["document"]["title"] for result in body["results"]]


@indexing
def test_the_answer_has_the_promised_form(indexed: Index) -> None:
    tides = indexed("Tides", TIDES, metadata={"author": "Darwin", "year": 1898})
    indexed("Bread", BREAD)
    body = search(caller(), "spring tides", explain="true")
    assert set(body) == {
        "query", "search_id", "mode", "reranked", "reranked_count", "total", "total_relation",
        "page", "page_size", "took_ms", "results", "related", "facets", "facets_relation",
        "suggestion", "corrected", "warnings",
    }  # fmt: skip
    assert (body["query"], body["mode"], body["reranked"]) == ("spring tides", "hybrid", False)
    assert (body["page"], body["page_size"], body["total_relation"]) == (1, 10, "eq")
    assert {"embed", "lexical", "dense", "fuse", "rerank", "total"} <= set(body["took_ms"])
    best = body["results"][0]
    assert best["document"]["id"] == str(tides.pk)
    assert best["document"]["url"] == f"/documents/{tides.pk}/"
    assert best["document"]["metadata"] == {"author": "Darwin", "year": 1898}
    passage = best["passages"][0]
    assert (passage["start"], passage["end"], passage["page"]) == (0, len(TIDES), None)
    marked = [TIDES[start:end] for start, end in passage["highlights"]]
    assert marked == ["spring", "tide"]
    explanation = best["explanation"]
    lexical, dense = explanation["retrievers"]["lexical"], explanation["retrievers"]["dense"]
    assert lexical["rank"] == dense["rank"] == explanation["fused"]["rank"] == 1
    assert {term["term"] for term in explanation["terms"]} == {"spring", "tides"}
    assert 0 < dense["score"] <= 1
    assert (explanation["rerank"], explanation["exact_matches"]) == (None, 0)
    assert body["facets"]["type"] == [
        {"value": "txt", "label": "Plain text", "count": body["total"], "selected": False}
    ]


@indexing
def test_all_that_matches_is_counted_and_what_is_only_near_is_told_apart(
    indexed: Index, settings: Any
) -> None:
    settings.RETRIEVER_TOP_K = 2
    for number in range(5):
        indexed(f"Tides {number}", TIDES)
    indexed("Bread", BREAD)
    first = search(caller(), "spring tides", mode="lexical", page_size=3)
    last = search(caller(), "spring tides", mode="lexical", page_size=3, page=2,
                  search_id=first["search_id"])  # fmt: skip
    assert (first["total"], first["total_relation"], first["related"]) == (5, "eq", [])
    assert sorted(titles(first) + titles(last)) == [f"Tides {number}" for number in range(5)]
    assert [value["count"] for value in last["facets"]["collection"]] == [5]
    near = search(caller(), "football championship")
    assert (near["total"], near["results"]) == (0, [])
    assert {result["relevance"] for result in near["related"]} == {"weak"}


@indexing
def test_parameters_reach_the_search(indexed: Index) -> None:
    other = Collection.objects.create(name="Kitchen", slug="kitchen", visibility="public")
    indexed("Tides", TIDES, metadata={"author": "Darwin"})
    indexed("Bread", BREAD, into=other)
    client = caller()
    assert titles(search(client, "sourdough", mode="lexical")) == ["Bread"]
    assert titles(search(client, "flour for a starter", mode="dense"))[0] == "Bread"
    reranked = search(client, "moon", mode="lexical", rerank="true")
    assert reranked["mode"] == "lexical"
    assert reranked["reranked"] == (reranked["reranked_count"] > 0)  # a model may be out of reach
    assert titles(search(client, "water moon", collection="kitchen")) == ["Bread"]
    assert set(titles(search(client, "water moon", collection=["kitchen", "handbook"]))) == {
        "Tides",
        "Bread",
    }
    assert titles(search(client, "water moon", type="pdf")) == []
    assert titles(search(client, "water moon", metadata="author:Darwin")) == ["Tides"]
    assert search(client, "moon")["results"][0]["explanation"] is None
    weighted = search(client, "moon", fusion="rrf", dense_weight="0.25", search_id="", page="")
    assert titles(weighted)[0] == "Tides"
    read = search(client, "moon water", rerank_depth="1", rerank_weight="1", rerank="true")
    assert read["reranked_count"] == 1


@indexing
def test_every_facet_of_an_answer_names_the_parameter_that_chooses_it(indexed: Index) -> None:
    Collection.objects.update(facet_fields=["author"])
    indexed("Tides", TIDES, metadata={"author": "Ada: her notes", "date": "1843-07-10"})
    indexed("Gezeiten", TIDES, language="de", type="pdf", metadata={"author": "Bo", "year": 2024})
    client = caller()
    body = search(client, "tide")
    assert list(body["facets"]) == ["collection", "type", "language", "year", "metadata.author"]
    assert [v["value"] for v in body["facets"]["year"]] == ["2024", "1843"]
    for facet, values in body["facets"].items():
        name, _, key = facet.partition(".")
        for value in values:
            chosen = f"{key}:{value['value']}" if key else value["value"]
            left = search(client, "tide", search_id=body["search_id"], **{name: chosen})
            assert (left["total"], left["search_id"]) == (value["count"], body["search_id"])
            assert [v["value"] for v in left["facets"][facet] if v["selected"]] == [value["value"]]
    assert search(client, "tide", year=["1843", "2024"], language="de")["total"] == 1


@indexing
def test_pages_belong_to_one_search_and_never_overlap(indexed: Index) -> None:
    for number in range(5):
        indexed(f"Tides {number}", f"{TIDES} Part {number}.")
    client = caller()
    first = search(client, "tide", page_size=2)
    kept = {"page_size": 2, "search_id": first["search_id"]}
    others = [search(client, "tide", page=page, **kept) for page in (2, 3, 4)]
    assert {body["search_id"] for body in others} == {first["search_id"]}
    assert [len(body["results"]) for body in (first, *others)] == [2, 2, 1, 0]
    seen = [title for body in (first, *others) for title in titles(body)]
    assert sorted(seen) == [f"Tides {number}" for number in range(5)]
    expired = search(client, "tide", search_id="gone", page_size=2)
    assert (expired["total"], expired["search_id"] != "gone") == (5, True)


@indexing
def test_each_caller_finds_what_is_theirs(indexed: Index) -> None:
    def collection(visibility: str) -> Collection:
        return Collection.objects.create(name=visibility, slug=visibility, visibility=visibility)

    for visibility in ("public", "internal", "restricted"):
        indexed(f"Tides {visibility}", f"{TIDES} {visibility}.", into=collection(visibility))
    ada, bob = make_user("ada"), make_user("bob")
    CollectionMember.objects.create(collection=Collection.objects.get(slug="restricted"), user=bob)

    def found(user: User | None) -> tuple[int, set[str], int]:
        body = search(caller(user), "tide")
        counts = sum(facet["count"] for facet in body["facets"]["collection"])
        return body["total"], {title.split()[1] for title in titles(body)}, counts

    assert found(None) == (1, {"public"}, 1)
    assert found(ada) == (2, {"public", "internal"}, 2)
    assert found(bob) == (3, {"public", "internal", "restricted"}, 3)
    mine = search(caller(bob), "tide")["search_id"]
    assert search(caller(ada), "tide", search_id=mine)["total"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20%20", "q"),
        ("q=a%00b", "q"),
        ("q=" + "x" * 2001, "q"),
        ("q=x&mode=magic", "mode"),
        ("q=x&rerank=perhaps", "rerank"),
        ("q=x&explain=2", "explain"),
        ("q=x&page=0", "page"),
        ("q=x&page=-1", "page"),
        ("q=x&page=" + "9" * 30, "page"),
        ("q=x&page=1.5", "page"),
        ("q=x&page_size=101", "page_size"),
        ("q=x&page_size=0", "page_size"),
        ("q=x&collection=nowhere", "collection"),
        ("q=x&collection=secret", "collection"),
        ("q=x&collection=%00", "collection"),
        ("q=x&type=%00", "type"),
        ("q=x&search_id=%27%20OR%201", "search_id"),
        ("q=x&search_id=" + "x" * 65, "search_id"),
        ("q=x&search_id=%00", "search_id"),
        ("q=x&metadata=author", "metadata"),
        ("q=x&metadata=a:%00", "metadata"),
        ("q=x&language=%00", "language"),
        ("q=x&year=MMXXIV", "year"),
        ("q=x&year=20240", "year"),
        ("q=x&fusion=best", "fusion"),
        ("q=x&dense_weight=2", "dense_weight"),
        ("q=x&dense_weight=nan", "dense_weight"),
        ("q=x&rerank_depth=0", "rerank_depth"),
        ("q=x&rerank_depth=101", "rerank_depth"),
        ("q=x&rerank_weight=-1", "rerank_weight"),
    ],
)
def test_a_bad_parameter_is_named_with_a_sentence(query: str, field: str) -> None:
    Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    answer = caller().get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert answer.json()[field][0].endswith(".")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "q",
    ['"', "-", "type:", "((", "\\", "%", "a" * 2000, "\U0001d518\U0001d52b", "\ud83d", "type:pdf"],
)
def test_no_query_is_an_error(q: str) -> None:
    asked: Any = {"q": q.encode("utf-8", "surrogatepass"), "rerank": "false"}
    answer = caller().get(URL, asked)
    assert answer.status_code == 200
    assert answer.json()["results"] == []


@pytest.mark.django_db
def test_searching_is_reading_only() -> None:
    assert caller(make_user("ada")).post(URL, {"q": "x"}, format="json").status_code == 405
