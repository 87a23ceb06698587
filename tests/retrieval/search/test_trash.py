"""What is in the trash is found by no way of searching, and is found again once restored."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from documents.library import collections as library_collections
from documents.library import trash
from documents.models import Collection, CollectionMember, Document, PassageEmbedding
from frontend.search.home import home_page
from retrieval.feedback import set_judgement
from retrieval.search import SearchRequest, search_documents
from retrieval.suggest import autocomplete
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.volume

ANYONE = AnonymousUser()


@pytest.fixture
def tides(indexed: Index) -> tuple[Document, Document]:
    gone = indexed("Tidal harbours", "The quartermaster counts the tides.", type="pdf")
    return gone, indexed("Harbour masters", "The harbour master counts ships.")


def totals(mode: str) -> list[int]:
    queries = ("quartermaster", "harbour", 'harbour "the tides"', "title:tidal")
    return [search_documents(ANYONE, SearchRequest(query, mode=mode)).total for query in queries]


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
def test_no_search_finds_what_is_in_the_trash(tides: tuple[Document, Document], mode: str) -> None:
    gone, other = tides
    before, vectors = totals(mode), PassageEmbedding.objects.count()
    page = search_documents(ANYONE, SearchRequest("harbour", mode=mode))
    assert {result.document.id for result in page.results} == {str(gone.pk), str(other.pk)}
    trash.trash_documents([gone], None)
    again = search_documents(ANYONE, SearchRequest("harbour", mode=mode, search_id=page.search_id))
    for shown in (again, search_documents(ANYONE, SearchRequest("harbour", mode=mode))):
        assert [result.document.id for result in shown.results] == [str(other.pk)]
        assert shown.total == 1
        assert [value.value for value in shown.facets["type"]] == ["txt"]
    assert totals(mode)[2:] == [0, 0]
    trash.restore_documents([gone], None)
    assert totals(mode) == before
    assert PassageEmbedding.objects.count() == vectors


def test_no_suggestion_and_no_number_tells_of_it(tides: tuple[Document, Document]) -> None:
    gone, _ = tides
    user = User.objects.create_user("ada")
    assert [one.text for one in autocomplete(user, "tid")] == ["Tidal harbours"]
    trash.trash_documents([gone], None)
    assert autocomplete(user, "tid") == []
    assert [one.text for one in autocomplete(user, "harb")] == ["Harbour masters"]
    assert search_documents(user, SearchRequest(f"like:{gone.pk}")).total == 0
    assert search_documents(user, SearchRequest("quartermastre")).suggestion is None
    home = home_page(user)
    assert home.searchable == 1
    assert [document.title for document in home.recent] == ["Harbour masters"]
    with pytest.raises(Document.DoesNotExist):
        set_judgement(user, "tides", gone.pk, True)


def test_a_move_changes_at_once_who_finds_a_document(tides: tuple[Document, Document]) -> None:
    moved, _ = tides
    secret = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    ada = User.objects.create_user("ada")
    CollectionMember.objects.create(collection=secret, user=ada)
    asked = SearchRequest("quartermaster", mode="lexical")
    assert search_documents(ANYONE, asked).total == 1
    library_collections.move_documents([moved], secret, None)
    assert [search_documents(who, asked).total for who in (ANYONE, ada)] == [0, 1]
    public = Collection.objects.get(slug="handbook")
    library_collections.move_documents([moved], public, None, confirmed=True)
    assert search_documents(ANYONE, asked).total == 1
