"""The index of a process follows the change log, starting from a snapshot."""

import pytest

from documents.library import trash
from documents.models import ChangeLogEntry
from retrieval.live_index.index import LiveIndex, live_index
from tests.retrieval.conftest import Index, publish

pytestmark = pytest.mark.django_db


def found(index: LiveIndex, term: str) -> int:
    return len(index.refresh().search([f"en:{term}"], 10).hits)


def test_another_process_sees_what_was_published_and_deleted(indexed: Index) -> None:
    other = LiveIndex(live_index().folder)
    document = indexed("Tides", "The moon pulls the water.")
    assert found(other, "moon") == 1

    trash.purge_documents([document])
    assert found(other, "moon") == 0


def test_a_new_version_takes_the_place_of_the_old(indexed: Index) -> None:
    document = indexed("Tides", "The moon pulls the water.")
    publish(document, "The sun pulls the water.")

    assert (found(live_index(), "moon"), found(live_index(), "sun")) == (0, 1)


def test_a_snapshot_is_taken_up_by_all_and_holds_what_was_there(indexed: Index) -> None:
    indexed("Tides", "The moon pulls the water.")
    index, other = live_index(), LiveIndex(live_index().folder)

    assert index.compact()
    assert not index.compact()  # nothing new
    assert found(other, "moon") == 1
    assert other.bm25.snapshot_position == index.bm25.position
    assert other.bm25.size_in_segment == 0

    indexed("Stars", "A moon of another planet.")
    assert found(other, "moon") == 2


def test_an_index_that_is_ahead_of_a_restored_database_is_rebuilt(indexed: Index) -> None:
    indexed("Tides", "The moon pulls the water.")
    backed_up = ChangeLogEntry.objects.latest("id").pk
    lost = indexed("Stars", "A moon of another planet.")
    assert live_index().compact()
    ChangeLogEntry.objects.filter(pk__gt=backed_up).delete()
    lost.delete()

    opened = LiveIndex(live_index().folder)

    assert found(opened, "moon") == found(live_index(), "moon") == 1
    assert found(opened, "planet") == 0


def test_a_damaged_snapshot_is_rebuilt(indexed: Index) -> None:
    indexed("Tides", "The moon pulls the water.")
    live_index().compact()
    folder = live_index().folder
    for file in next(path for path in folder.iterdir() if path.is_dir()).iterdir():
        file.write_bytes(b"damaged")

    opened = LiveIndex(folder)

    assert found(opened, "moon") == 1
    assert opened.compact()


def test_a_collection_in_another_language_is_found_by_its_own_forms(indexed: Index) -> None:
    from django.contrib.auth.models import AnonymousUser

    from documents.models import Collection
    from retrieval.query.request import SearchRequest
    from retrieval.search.service import search_documents

    german = Collection.objects.create(
        name="Deutsch", slug="deutsch", language="de", visibility="public"
    )
    indexed("Gezeiten", "Die Häuser stehen am Hafen.", into=german)
    indexed("Ports", "The houses stand by the port.")

    def titles(query: str) -> list[str]:
        page = search_documents(AnonymousUser(), SearchRequest(query, mode="lexical"))
        return [result.document.title for result in page.results]

    assert titles("Haus") == ["Gezeiten"]
    assert titles("house") == ["Ports"]
