"""The log of searches and clicks, without user names, and judgements.

Logging never makes a search fail or wait.
"""

import logging
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from documents.models import Document
from documents.models.permissions import Caller
from retrieval.models import MAX_LOGGED_QUERY, Click, Judgement, SearchLog

if TYPE_CHECKING:  # an admin's process, which imports this, pays for no search
    from retrieval.search import KeptResult, SearchResponse

logger = logging.getLogger(__name__)

WAIT_MS = 250
# Pages belong to one search for as long as its ranking is cached.
SAME_SEARCH_SECONDS = 900


def normalized_query(query: str) -> str:
    """The form of a query in logs and judgements: without differences of case, width and spaces."""
    text = unicodedata.normalize("NFKC", query).casefold().replace("\0", " ")
    return " ".join(text.split())[:MAX_LOGGED_QUERY]


def log_search(page: "SearchResponse") -> None:
    """Log a search at its first page; further pages and other filters belong to the same search."""
    query = normalized_query(page.query)
    if not settings.QUERY_LOG or page.page != 1 or not query:
        return
    with never_failing():
        if cache.add(f"logged:{page.search_id}", 1, SAME_SEARCH_SECONDS):
            took = float(page.took_ms.get("total", 0.0))
            _write(SearchLog(query=query, results=page.total, took_ms=took))


def log_click(result: "KeptResult") -> None:
    """Log that a result was opened, once for each search.

    Query and place are those of the list that is kept, not what somebody says of it.
    """
    query = normalized_query(result.query)
    if not settings.QUERY_LOG or not query:
        return
    with never_failing():
        opened = f"opened:{result.search_id}:{result.document_id}"
        if cache.add(opened, 1, SAME_SEARCH_SECONDS):
            _write(Click(query=query, document_id=result.document_id, position=result.position))


def set_judgement(
    user: Caller, query: str, document_id: UUID | str, relevant: bool | None
) -> Judgement | None:
    """Store whether a document answers a query; None deletes the judgement.

    Raises PermissionDenied when nobody is signed in, ValueError for a query without words, and
    Document.DoesNotExist for a document that is not there or that the user may not see.
    """
    if not user.is_authenticated:
        raise PermissionDenied("Sign in to judge results.")
    query = normalized_query(query)
    if not query:
        raise ValueError("Give the query that the judgement is about.")
    document = Document.objects.visible_to(user).get(pk=document_id)
    about: dict[str, Any] = {"user": user, "query": query, "document": document}
    if relevant is None:
        Judgement.objects.filter(**about).delete()
        return None
    return Judgement.objects.update_or_create(**about, defaults={"relevant": relevant})[0]


def judgements_of(user: Caller, query: str, documents: Iterable[UUID | str]) -> dict[str, bool]:
    """This user's judgements of these documents for this query, by document id."""
    if not user.is_authenticated:
        return {}
    rows = Judgement.objects.filter(
        user=user.pk, query=normalized_query(query), document__in=list(documents)
    ).values_list("document_id", "relevant")
    return {str(document): relevant for document, relevant in rows}


def delete_old_logs() -> int:
    """Delete searches and clicks older than QUERY_LOG_DAYS. Returns how many."""
    first_kept = timezone.localdate() - timedelta(days=settings.QUERY_LOG_DAYS)
    kinds: tuple[Any, ...] = (SearchLog, Click)
    return sum(kind.objects.filter(day__lt=first_kept).delete()[0] for kind in kinds)


@contextmanager
def never_failing() -> Iterator[None]:
    """Whatever goes wrong in here is a line in the log."""
    try:
        yield
    except Exception:  # whatever it is, the search has been answered
        logger.warning("A search was not logged.", exc_info=True)


@contextmanager
def without_waiting() -> Iterator[None]:
    """A transaction that waits neither for the disk nor for locks; a crash may lose it."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('synchronous_commit', 'off', true),"
                    " set_config('statement_timeout', %s, true)",
                    [str(WAIT_MS)],
                )
        yield


def _write(row: Model) -> None:
    with without_waiting():
        row.save(force_insert=True)
