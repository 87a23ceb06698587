"""Title, headings and text count in BM25 by the weights of their collection."""

from collections import Counter

import pytest
from django.contrib.auth.models import AnonymousUser
from rank_bm25 import BM25Okapi

from documents.library import move_documents, save_collection
from documents.models import Collection, Passage, PassageEmbedding
from documents.models.ranking_settings import FieldWeights
from retrieval.analysis import analyzed_terms
from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index
from retrieval.live_index.index import live_index
from retrieval.live_index.passage_entries import PassageText, passage_entries
from retrieval.query.request import SearchRequest
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

TITLE, HEADINGS, TEXT = "Tides and moons", "Spring tide", "The tide pulls boats from the harbour."
SHELF = [
    (TITLE, "almanac.txt", HEADINGS, TEXT),
    ("Bread", "bread.txt", "Sourdough", "Flour and water, at spring tide too."),
    ("Boats", "fleet.txt", "Harbour", "A boat, and another boat."),
    ("Rye", "rye.txt", "Harvest", "## Harvest\nCut in August, before the boats."),
]
HEADING = "## Harvest\n"
ALL = (1, 1, 1), (3, 1, 1), (1, 2, 0), (0, 0, 1), (5, 5, 5)


def entry(number: int, weights: FieldWeights) -> PassageEntry:
    title, filename, heading, text = SHELF[number]
    passage = PassageText(number, [heading], text, 0)
    (made,) = passage_entries(title, filename, "en", [passage], weights)
    return made


def repeated(number: int, title: int, headings: int, text: int) -> list[str]:
    """The terms of a passage whose fields are written down as often as they weigh."""
    name, filename, heading, text_with_heading = SHELF[number]
    own = text_with_heading.removeprefix(HEADING)
    stem = filename.removesuffix(".txt")
    fields = [name] * title + [stem] * title + [heading] * headings + [own] * text
    return [term for field in fields for term in analyzed_terms(field, "en")]


@pytest.mark.parametrize("weights", ALL)
def test_a_field_counts_as_if_it_stood_there_so_often(weights: tuple[int, int, int]) -> None:
    for number in range(len(SHELF)):
        made = entry(number, FieldWeights(*weights))
        assert Counter(made.terms) == Counter(repeated(number, *weights))
        assert len(made.terms) == len(made.surfaces)
        assert made.words == entry(number, FieldWeights()).words  # positions are of one copy


@pytest.mark.parametrize("weights", ALL)
def test_scores_are_those_of_bm25okapi_over_the_repeated_fields(
    weights: tuple[int, int, int],
) -> None:
    entries = [
        (DocumentEntry(str(n)), [entry(n, FieldWeights(*weights))]) for n in range(len(SHELF))
    ]
    oracle = BM25Okapi([repeated(number, *weights) for number in range(len(SHELF))])
    query = analyzed_terms("spring tide boat rye harvest", "en")

    scores = BM25Index.build(entries).score(query, range(len(SHELF)))

    assert scores == pytest.approx(oracle.get_scores(query).tolist(), rel=1e-9)


def titles(query: str) -> list[str]:
    page = search_documents(AnonymousUser(), SearchRequest(query, mode="lexical"))
    return [result.document.title for result in page.results]


@pytest.fixture
def harbour(collection: Collection, indexed: Index) -> None:
    indexed("Dredging in winter", "Boats lie in the harbour, says the board.")
    indexed("Minutes of the board", "Dredging, and once more dredging, was the subject.")
    for number in range(6):
        indexed(f"Bread {number}", "Flour, water and salt.")


@pytest.mark.django_db
def test_a_change_of_weights_is_followed_without_embedding_anew(
    collection: Collection, harbour: None
) -> None:
    vectors = set(PassageEmbedding.objects.values_list("pk", flat=True))
    passages = set(Passage.objects.values_list("pk", flat=True))
    assert titles("dredging") == ["Minutes of the board", "Dredging in winter"]

    collection.title_weight = 5
    save_collection(collection, None)

    assert titles("dredging") == ["Dredging in winter", "Minutes of the board"]
    assert set(PassageEmbedding.objects.values_list("pk", flat=True)) == vectors
    assert set(Passage.objects.values_list("pk", flat=True)) == passages


@pytest.mark.django_db
def test_a_document_counts_as_the_collection_says_that_it_is_moved_to(
    collection: Collection, harbour: None
) -> None:
    heavy = Collection.objects.create(
        name="Heavy", slug="heavy", visibility="public", title_weight=5
    )
    move_documents(list(collection.documents.all()), heavy, None)

    assert titles("dredging") == ["Dredging in winter", "Minutes of the board"]


@pytest.mark.django_db
def test_a_field_of_no_weight_is_still_found_as_it_is_written(
    collection: Collection, harbour: None
) -> None:
    collection.title_weight = 0
    save_collection(collection, None)

    assert titles("title:winter") == ["Dredging in winter"]
    assert titles('"dredging in winter"') == ["Dredging in winter"]
    assert titles("dredging in winter")[0] == "Dredging in winter"
    assert live_index().bm25.frequencies(["en:winter"]) == [0]
