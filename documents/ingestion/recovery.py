"""Which documents wait in vain: no message of them is left, so no worker will take them up."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q

from documents.ingestion import queue
from documents.models import Document

LOST_AFTER = timedelta(seconds=30)
LOST_AT_ONCE = 100
NEVER = datetime.min.replace(tzinfo=UTC)


def lost_documents(now: datetime) -> list[UUID]:
    """Those that wait longest, so many at once; what is sent again is not among the next.

    Either the worker that took their message has died and their lease has run out, or the line has
    passed them: first in, first out, so who was queued well before those whose turn is next has no
    message in it.
    """
    lost = Q(lease_until__lt=now) | Q(lease_until=None, queued_at__lt=_place_of_the_line(now))
    waiting = Document.objects.live().filter(lost, state=Document.State.QUEUED)
    return list(waiting.order_by("queued_at").values_list("pk", flat=True)[:LOST_AT_ONCE])


def _place_of_the_line(now: datetime) -> datetime:
    """No message in the queue is about a document that was queued before this moment."""
    following = queue.next_in_line()
    if not following:
        return now - LOST_AFTER
    turn = Document.objects.filter(pk__in=following).aggregate(at=Min("queued_at"))["at"]
    return min(now, turn) - LOST_AFTER if turn else NEVER
