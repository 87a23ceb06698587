"""Queued documents that have no message in the broker, so that no worker would take them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q

from documents.ingestion import queue
from documents.models import Document

LOST_AFTER = timedelta(seconds=30)
LOST_AT_ONCE = 100
NEVER = datetime.min.replace(tzinfo=UTC)


def lost_documents(now: datetime) -> list[UUID]:
    """The documents without a message that wait longest, LOST_AT_ONCE at most.

    Either a worker took the message and died, and the lease has expired; or the queue has passed
    the document. Queues are first in, first out, so a document that was queued well before those
    at the head has no message.
    """
    lost = Q(lease_until__lt=now) | Q(lease_until=None, queued_at__lt=_place_of_the_line(now))
    waiting = Document.objects.live().filter(lost, state=Document.State.QUEUED)
    return list(waiting.order_by("queued_at").values_list("pk", flat=True)[:LOST_AT_ONCE])


def _place_of_the_line(now: datetime) -> datetime:
    """The time before which no document in the queue was queued."""
    following = queue.next_in_line()
    if not following:
        return now - LOST_AFTER
    turn = Document.objects.filter(pk__in=following).aggregate(at=Min("queued_at"))["at"]
    return min(now, turn) - LOST_AFTER if turn else NEVER
