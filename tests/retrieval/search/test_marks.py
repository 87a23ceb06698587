"""Marks in passages: phrases, identifiers, apostrophes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from retrieval.search import SearchRequest, search_documents
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.django_db


def marks(query: str, page_size: int = 10) -> list[str]:
    request = SearchRequest(query, "lexical", rerank=False, page_size=page_size)
    (result,) = search_documents(AnonymousUser(), request).results
    return [p.text[start:end] for p in result.passages for start, end in p.highlights]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("To be or not: that is the question, is it? The end.", '"that is the question"',
         ["that is the question"]),
        ("The neap tide; a tide; neap.", '"neap tide"', ["neap tide"]),
        ("The neap tide; a tide; neap.", 'tide "neap tide"', ["neap tide", "tide"]),
        ("Wasser und Brot, Brot und Wein.", '"Brot und Wein"', ["Brot und Wein"]),
        ("Книга: жизнь и судьба, жизнь.", '"жизнь и судьба"', ["жизнь и судьба"]),
        ("The AB-13 gasket, 13 of them, AB.", "AB-13", ["AB-13"]),
        ("The sailor\u2019s knots.", "sailor", ["sailor\u2019s"]),
        ("Says O'Brien to Brian.", "O'Brien", ["O'Brien"]),
    ],
)  # fmt: skip
def test_a_mark_is_what_the_query_asks_for(
    indexed: Index, text: str, query: str, marked: list[str]
) -> None:
    indexed("One", text)

    assert marks(query) == marked


def test_quotation_marks_keep_the_signs_of_a_name(indexed: Index) -> None:
    for name in ("C", "C++", "C#"):
        indexed(f"On {name}", f"The language {name} is old.")

    def found(query: str) -> set[str]:
        request = SearchRequest(query, "lexical", rerank=False)
        results = search_documents(AnonymousUser(), request).results
        return {result.document.title for result in results}

    assert found('"C++"') == {"On C++"}
    assert found('language -"C++"') == {"On C", "On C#"}
    assert found('"language C#"') == {"On C#"}


def test_a_page_beyond_the_last_says_so_and_links_the_last(indexed: Index, client: Client) -> None:
    for number in range(12):
        indexed(f"Harbour {number}", "The harbour.")

    page = client.get("/", {"q": "harbour", "mode": "lexical", "page": "9"}).content.decode()

    assert "There is no page 9." in page
    assert "page=2" in page and "Go to the last page" in page
    assert "No document matches" not in page
