"""The stored lists of synonyms: one of each collection, one of the installation."""

import logging
import threading
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from cachetools import LRUCache
from django.db import IntegrityError, transaction

from documents.auth import record_event
from documents.errors import ReportedError
from documents.models import AuditEvent, Collection, TokenUser
from documents.models.permissions import Caller, staff_may
from retrieval.models import SynonymList
from retrieval.query import SynonymError, SynonymRules, parse_synonyms

logger = logging.getLogger(__name__)

# Of Django's, for the list of the installation.
SYNONYMS_PERMISSION = "retrieval.change_synonymlist"
LINES_LOGGED = 50  # of those added and of those taken away by one change
PAIRS_KEPT = 2_000_000  # of words and synonyms, in the memory of a process: some 30 MB

_parsed: LRUCache[UUID, SynonymRules] = LRUCache(PAIRS_KEPT, lambda rules: 1 + rules.pairs)
_lock = threading.Lock()


class SynonymsChanged(ReportedError):
    """Somebody else has changed the list since it was read."""


def may_edit_installation(user: Caller) -> bool:
    """Whether a user may see and change the synonyms of the installation."""
    if isinstance(user, TokenUser) and not user.token.all_collections:
        return False  # they apply in collections that it is not for
    return staff_may(user, SYNONYMS_PERMISSION)


def stored_synonyms(collection: Collection | None) -> SynonymList:
    """The list of a collection or, for None, of the installation; a new, empty one if none is
    stored."""
    found = SynonymList.objects.filter(collection=collection).first()
    return found or SynonymList(collection=collection, version=UUID(int=0))


def save_synonyms(
    collection: Collection | None, text: str, by: Caller | None, *, based_on: str | None = None
) -> SynonymList:
    """Replace a list. An empty one is stored, too, so that versions tell of the change.

    Raises SynonymError for lines that are no rules, and SynonymsChanged if the stored version is
    not the one that the change is `based_on`; nothing is changed then.
    """
    lines = [line.rstrip() for line in text.replace("\0", "").splitlines()]
    text = "\n".join(lines).strip("\n")
    parse_synonyms(text)
    with transaction.atomic():
        if collection is not None:  # of two who write the first list at once one waits
            Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
        stored = SynonymList.objects.select_for_update().filter(collection=collection).first()
        current = stored or stored_synonyms(collection)
        if based_on is not None and based_on != str(current.version):
            raise SynonymsChanged("synonyms_changed_meanwhile")
        before = current.rules
        if before != text:
            current.rules, current.previous, current.version = text, before, uuid4()
            _store(current)
            record_event(
                AuditEvent.Action.SYNONYMS_CHANGED, by, collection, **_difference(before, text)
            )
    return current


def _store(changed: SynonymList) -> None:
    try:
        with transaction.atomic():
            changed.save()
    except IntegrityError as error:  # somebody has written the installation's first list meanwhile
        raise SynonymsChanged("synonyms_changed_meanwhile") from error


def rules_of(versions: Iterable[UUID]) -> list[SynonymRules]:
    """The rules of these versions of lists; they are read once in each process."""
    wanted = list(dict.fromkeys(versions))
    with _lock:
        found = {version: _parsed[version] for version in wanted if version in _parsed}
    missing = [version for version in wanted if version not in found]
    if missing:
        read = {row.version: _parse(row) for row in SynonymList.objects.filter(version__in=missing)}
        found |= read
        with _lock:
            _parsed.update(read)
    return [found[version] for version in wanted if found.get(version)]


def _parse(row: SynonymList) -> SynonymRules:
    """A list that later limits refuse must not make searches fail."""
    try:
        return parse_synonyms(row.rules, row.collection_id)
    except SynonymError as error:
        logger.error("The synonyms of list %s are not applied: %s", row.pk, error)
        return SynonymRules()


def _difference(before: str, after: str) -> dict[str, Any]:
    old, new = before.splitlines(), after.splitlines()
    return {
        "added": [line for line in new if line not in set(old)][:LINES_LOGGED],
        "removed": [line for line in old if line not in set(new)][:LINES_LOGGED],
        "lines": len(new),
    }
