"""One document never uses up the candidates."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import Settings

from documents.models import Document
from retrieval.search import SearchRequest, search_documents

pytestmark = [pytest.mark.django_db, pytest.mark.volume]


@pytest.mark.parametrize("mode", ["lexical", "hybrid", "dense"])
def test_a_long_document_full_of_the_words_hides_no_other_in_any_mode(
    indexed: Callable[..., Document], settings: Settings, mode: str
) -> None:
    settings.RETRIEVER_TOP_K = 20
    long = indexed("Long", "honey bees. " * 2500)
    assert long.passages.count() > 20
    for number in range(5):
        indexed(f"Short {number}", "About honey and of many other things that a bee keeper sells.")

    page = search_documents(AnonymousUser(), SearchRequest("honey bees", mode, rerank=False))

    names = {result.document.title for result in page.results}
    assert names == {"Long", *(f"Short {number}" for number in range(5))}
    assert page.total == 6
    assert [(each.value, each.count) for each in page.facets["type"]] == [("txt", 6)]
