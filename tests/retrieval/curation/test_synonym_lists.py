"""Stored lists of synonyms: versions, limits, and lists that cannot be read any more."""

import logging

import pytest

from documents.models import AuditEvent, Collection
from retrieval.curation import (
    SynonymError,
    SynonymsChanged,
    save_synonyms,
    stored_synonyms,
    synonym_lists,
)
from retrieval.curation.synonym_lists import rules_of
from retrieval.models import SynonymList

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes() -> Collection:
    return Collection.objects.create(name="Notes", slug="notes")


def test_the_installation_and_each_collection_have_one_list(notes: Collection) -> None:
    for collection in (None, notes):
        save_synonyms(collection, "first, list", None)
        save_synonyms(collection, "second, list", None)

    assert SynonymList.objects.count() == 2
    assert stored_synonyms(None).rules == stored_synonyms(notes).rules == "second, list"
    assert stored_synonyms(notes).previous == "first, list"
    found = rules_of([stored_synonyms(None).version, stored_synonyms(notes).version])
    assert [rules.scope for rules in found] == [None, notes.pk]


def test_a_list_that_stays_the_same_is_no_change(notes: Collection) -> None:
    first = save_synonyms(notes, "a, b\r\n\r\n", None)
    again = save_synonyms(notes, "a, b", None, based_on=str(first.version))

    assert again.version == first.version
    assert AuditEvent.objects.filter(action="synonyms_changed").count() == 1


def test_of_two_who_write_the_installations_first_list_at_once_one_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def meanwhile(collection: Collection | None) -> SynonymList:
        found = stored_synonyms(collection)
        SynonymList.objects.create(collection=None, rules="a, b")
        return found

    monkeypatch.setattr(synonym_lists, "stored_synonyms", meanwhile)
    with pytest.raises(SynonymsChanged):
        save_synonyms(None, "c, d", None)


def test_nothing_is_stored_of_a_list_with_a_problem(notes: Collection) -> None:
    save_synonyms(notes, "a, b", None)
    with pytest.raises(SynonymError):
        save_synonyms(notes, "a, b\nc", None)
    with pytest.raises(SynonymsChanged):
        save_synonyms(notes, "c, d", None, based_on="another")

    assert stored_synonyms(notes).rules == "a, b"


def test_a_stored_list_that_cannot_be_read_is_logged_and_not_applied(
    notes: Collection, caplog: pytest.LogCaptureFixture
) -> None:
    broken = SynonymList.objects.create(collection=notes, rules="alone")
    with caplog.at_level(logging.ERROR):
        assert rules_of([broken.version]) == []
    assert "are not applied" in caplog.text


def test_a_list_goes_with_its_collection(notes: Collection) -> None:
    save_synonyms(notes, "a, b", None)
    notes.delete()

    assert not SynonymList.objects.exists()
