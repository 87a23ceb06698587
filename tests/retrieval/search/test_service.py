"""Pages, totals and facets of a cached search, and access to them."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from documents.library import trash
from documents.models import Collection
from retrieval.query.request import SearchRequest
from retrieval.search.page import SearchResponse
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index, publish

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()


@pytest.fixture
def twelve(indexed: Index) -> None:
    """Twelve documents on the harbour: eight are text, four are PDF; three do not name it."""
    for number in range(9):
        indexed(f"Harbour {number}", f"The harbour has berth number {number}.",
                type="pdf" if number < 4 else "txt")  # fmt: skip
    for number in range(3):
        indexed(f"Garden {number}", f"Roses grow in bed number {number}.")


def counts(page: SearchResponse, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet]}


def test_pages_follow_one_list_without_gap_or_repeat(twelve: None) -> None:
    first = search_documents(ANYONE, SearchRequest("harbour berth", page_size=4))
    second = search_documents(ANYONE, SearchRequest("harbour berth", page_size=4, page=2,
                                        search_id=first.search_id))  # fmt: skip
    third = search_documents(ANYONE, SearchRequest("harbour berth", page_size=4, page=3,
                                       search_id=first.search_id))  # fmt: skip

    ids = [r.document.id for page in (first, second, third) for r in page.results]
    assert first.search_id == second.search_id == third.search_id
    assert (first.total, first.total_relation) == (9, "eq")
    assert len(ids) == len(set(ids)) == 9


def test_what_is_only_near_is_on_the_last_page_and_not_counted(twelve: None) -> None:
    first = search_documents(ANYONE, SearchRequest("harbour berth", page_size=5))
    last = search_documents(
        ANYONE, SearchRequest("harbour berth", page_size=5, page=2, search_id=first.search_id)
    )

    assert (first.total, first.related) == (9, [])
    assert {r.document.title for r in last.related} == {f"Garden {n}" for n in range(3)}
    assert {r.relevance for r in last.related} == {"weak"}
    assert sum(counts(last, "type").values()) == 9


def test_a_page_beyond_the_last_is_empty(twelve: None) -> None:
    assert search_documents(ANYONE, SearchRequest("harbour", page=9)).results == []


def test_facet_counts_agree_with_the_total_and_with_what_choosing_shows(twelve: None) -> None:
    request = SearchRequest("harbour", mode="lexical")
    page = search_documents(ANYONE, request)
    pdf = search_documents(
        ANYONE, replace(request, filters={"type": ("pdf",)}, search_id=page.search_id)
    )
    widened = replace(request, filters={"type": ("pdf", "txt")}, search_id=page.search_id)
    both = search_documents(ANYONE, widened)

    assert page.total == 9
    assert counts(page, "type") == {"pdf": 4, "txt": 5}
    assert (pdf.total, counts(pdf, "type")) == (4, {"pdf": 4, "txt": 5})
    assert both.total == 9
    assert pdf.search_id == page.search_id


def test_a_filter_in_the_first_request_counts_the_same(twelve: None) -> None:
    page = search_documents(
        ANYONE, SearchRequest("harbour", mode="lexical", filters={"type": ("pdf",)})
    )

    assert (page.total, counts(page, "type")) == (4, {"pdf": 4, "txt": 5})
    assert [f.selected for f in page.facets["type"] if f.value == "pdf"] == [True]


def test_a_search_of_another_caller_is_not_shown(twelve: None) -> None:
    user = get_user_model().objects.create_user("reader")
    theirs = search_documents(user, SearchRequest("harbour"))
    mine = search_documents(ANYONE, SearchRequest("harbour", search_id=theirs.search_id))

    assert mine.search_id != theirs.search_id


def test_an_expired_search_is_repeated(twelve: None) -> None:
    page = search_documents(ANYONE, SearchRequest("harbour"))
    cache.clear()
    again = search_documents(ANYONE, SearchRequest("harbour", search_id=page.search_id))

    assert again.search_id != page.search_id
    assert again.total == page.total


def test_access_is_checked_again_on_every_page(twelve: None) -> None:
    page = search_documents(ANYONE, SearchRequest("harbour"))
    Collection.objects.update(visibility="restricted")
    again = search_documents(ANYONE, SearchRequest("harbour", search_id=page.search_id))

    assert (again.total, again.results) == (0, [])
    assert set(map(tuple, again.facets.values())) == {()}


def test_a_deleted_document_leaves_kept_pages_and_totals(twelve: None, indexed: Index) -> None:
    gone = indexed("Harbour gone", "The harbour that is no more.")
    page = search_documents(ANYONE, SearchRequest("harbour", mode="lexical"))
    trash.purge_documents([gone])
    again = search_documents(
        ANYONE, SearchRequest("harbour", mode="lexical", search_id=page.search_id)
    )

    assert (page.total, again.total) == (10, 9)
    assert gone.title not in [r.document.title for r in again.results]


def test_a_page_whose_documents_were_reindexed_is_searched_again(indexed: Index) -> None:
    document = indexed("Ports", "The harbour has a lighthouse.")
    page = search_documents(ANYONE, SearchRequest("harbour"))
    publish(document, "The harbour has two lighthouses.")
    again = search_documents(ANYONE, SearchRequest("harbour", search_id=page.search_id))

    assert [r.passages[0].text for r in again.results] == ["The harbour has two lighthouses."]


def test_a_corrected_search_can_be_paged(twelve: None) -> None:
    first = search_documents(ANYONE, SearchRequest("harbuor", mode="lexical", page_size=5))
    second = search_documents(ANYONE, SearchRequest("harbuor", mode="lexical", page_size=5, page=2,
                                        search_id=first.search_id))  # fmt: skip

    assert second.search_id == first.search_id
    assert not {r.document.id for r in first.results} & {r.document.id for r in second.results}


def test_passages_carry_place_and_marks(indexed: Index) -> None:
    text = "Nothing here. The harbours have berths."
    indexed("Ports", text, type="pdf")

    passage = search_documents(ANYONE, SearchRequest("harbour berth")).results[0].passages[0]

    assert passage.text == text[passage.start : passage.end]
    assert [passage.text[a:b] for a, b in passage.highlights] == ["harbours", "berths"]


def test_every_hit_is_explained_when_asked(twelve: None) -> None:
    why = (
        search_documents(ANYONE, SearchRequest("harbour", rerank=False, explain=True))
        .results[0]
        .explanation
    )

    assert why is not None
    assert why.terms[0].term == "harbour"
    assert why.retrievers["lexical"].rank is not None
    assert 0 < why.retrievers["dense"].score <= 1
    assert (why.fused.rank, why.rerank) == (1, None)


def test_a_collection_is_typed_with_capitals_or_without(twelve: None, indexed: Index) -> None:
    staff = Collection.objects.create(name="Staff", slug="HR", visibility="public")
    indexed("Leave", "Leave to visit the harbour.", into=staff)

    for typed in ("HR", "hr"):
        page = search_documents(
            ANYONE, SearchRequest(f"harbour collection:{typed}", mode="lexical")
        )
        assert [result.document.title for result in page.results] == ["Leave"]
        assert counts(page, "collection") == {"HR": 1}


def test_a_value_that_nothing_visible_has_is_plain_words_and_a_notice_says_so(
    twelve: None, indexed: Index
) -> None:
    vault = Collection.objects.create(name="Vault", slug="vault", visibility="restricted")
    indexed("Plans", "The harbour is sold.", into=vault, type="html")
    harbours = search_documents(ANYONE, SearchRequest("harbour", mode="lexical")).total
    for operator in ("collection:nowhere", "collection:vault", "type:html", "language:tlh"):
        page = search_documents(ANYONE, SearchRequest(f"harbour {operator}", mode="lexical"))
        assert page.total == harbours
        assert [notice.code for notice in page.warnings] == ["operator_value_unknown"]


def test_a_collection_goes_by_its_name_and_a_language_by_every_name(indexed: Index) -> None:
    staff = Collection.objects.create(name="Personal Papers", slug="hr", visibility="public")
    indexed("Leave", "Leave to visit the harbour.", into=staff)
    indexed("Hafen", "Der harbour.", language="de")
    for typed, titles in {
        'collection:"personal papers"': ["Leave"],
        '-collection:"Personal Papers"': ["Hafen"],
        "language:german": ["Hafen"],
        "language:de": ["Hafen"],
        "-language:German": ["Leave"],
    }.items():
        page = search_documents(ANYONE, SearchRequest(f"harbour {typed}", mode="lexical"))
        assert [result.document.title for result in page.results] == titles


def test_a_misspelt_word_gets_a_suggestion_that_is_applied_when_nothing_else_matches(
    twelve: None,
) -> None:
    page = search_documents(ANYONE, SearchRequest("harbuor", mode="lexical"))

    assert (page.suggestion, page.corrected, page.total) == ("harbour", True, 9)
    assert search_documents(ANYONE, SearchRequest("harbour", mode="lexical")).suggestion is None


def test_a_correction_keeps_the_operators_exclusions_and_quotation_marks(indexed: Index) -> None:
    for title, text, kind in (
        ("Found", "A vacuum pump in the red box.", "pdf"),
        ("Draft", "A draft: the vacuum pump in the red box.", "pdf"),
        ("Another type", "The vacuum pump stands in the red box.", "docx"),
        ("Other words", "This red box has no such pump, but there is vacuum.", "txt"),
    ):
        indexed(title, text, type=kind)

    typed = 'Vaccum-pmup  type:pdf -draft "the red box" pmup.txt'
    page = search_documents(ANYONE, SearchRequest(typed, mode="lexical"))
    assert page.suggestion == 'vacuum-pump  type:pdf -draft "the red box" pmup.txt'
    page = search_documents(
        ANYONE, SearchRequest('vaccum type:pdf -draft "red box"', mode="lexical")
    )
    assert (page.suggestion, page.corrected) == ('vacuum type:pdf -draft "red box"', True)
    assert [result.document.title for result in page.results] == ["Found"]


def test_exclusions_are_not_respelt_and_a_correction_that_finds_nothing_is_not_applied(
    twelve: None,
) -> None:
    page = search_documents(ANYONE, SearchRequest("harbuor -harbour -berht", mode="lexical"))

    assert (page.suggestion, page.corrected) == (None, False)
    assert (page.query, page.total) == ("harbuor -harbour -berht", 0)


def test_metadata_filters_match_text_numbers_and_lists(indexed: Index) -> None:
    indexed("A", "The harbour office.", metadata={"year": 2024, "tags": ["sea", "port"]})
    indexed("B", "The harbour office.", metadata={"year": 2025, "tags": ["sea"]})

    def found(key: str, value: str) -> set[str]:
        page = search_documents(
            ANYONE, SearchRequest("harbour", filters={f"metadata.{key}": (value,)})
        )
        return {result.document.title for result in page.results}

    assert found("year", "2024") == {"A"}
    assert found("tags", "sea") == {"A", "B"}
    assert found("tags", "port") == {"A"}
    assert found("tags__regex", ".*") == set()
    assert found("year", "²") == found("year", "--5") == set()
