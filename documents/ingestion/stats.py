"""Numbers on present and recent ingestion, for the status page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate, TruncHour
from django.utils import timezone

from documents.models import Document

HOURS, DAYS = 24, 30


@dataclass(frozen=True)
class FinishedCounts:
    """How many documents were indexed and how many failed in the hour or day from `at`."""

    at: datetime | date
    indexed: int
    failed: int


def documents_by_state() -> Mapping[str, int]:
    """How many documents are in each state, those with none included; the trash is not counted."""
    rows = Document.objects.live().order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(Document.State.values, 0) | dict(rows)


def finished_by_hour(now: datetime | None = None) -> list[FinishedCounts]:
    """The last 24 hours, the present one last; hours are named by their beginning in UTC."""
    last = (now or timezone.now()).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [last - timedelta(hours=n) for n in reversed(range(HOURS))]
    indexed = _counted("indexed", TruncHour("indexed_at", tzinfo=UTC), indexed_at__gte=hours[0])
    failed = _counted("failed", TruncHour("updated_at", tzinfo=UTC), updated_at__gte=hours[0])
    return [FinishedCounts(hour, indexed.get(hour, 0), failed.get(hour, 0)) for hour in hours]


def finished_by_day(now: datetime | None = None) -> list[FinishedCounts]:
    """The last 30 days, today last."""
    today = timezone.localdate(now)
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    indexed = _counted("indexed", TruncDate("indexed_at"), indexed_at__date__gte=days[0])
    failed = _counted("failed", TruncDate("updated_at"), updated_at__date__gte=days[0])
    return [FinishedCounts(day, indexed.get(day, 0), failed.get(day, 0)) for day in days]


def _counted(state: str, bucket: TruncHour | TruncDate, **since: object) -> dict[object, int]:
    rows = Document.objects.filter(state=state, **since).order_by()
    return dict(rows.annotate(bucket=bucket).values_list("bucket").annotate(n=Count("pk")))
