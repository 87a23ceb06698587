"""Reports on the logs: searches without results, frequent ones, and the positions of clicks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, Max, QuerySet
from django.utils import timezone

from retrieval.models import Click, SearchLog

ROWS = 50
POSITIONS = 10


@dataclass(frozen=True)
class QueryCount:
    """A query, how often it was searched, and when last."""

    query: str
    times: int
    last: date
    results: float


@dataclass(frozen=True)
class ClickCounts:
    """How many results were opened at a position, and their share of all clicks in percent."""

    position: str
    opened: int
    percent: int


@dataclass(frozen=True)
class SearchReport:
    """The report on the last `days`."""

    days: int
    searches: int
    without_result: int
    openings: int
    mean_ms: float
    found_nothing: Sequence[QueryCount]
    most_asked: Sequence[QueryCount]
    clicks: Sequence[ClickCounts]

    @property
    def percent_without_result(self) -> int:
        return round(100 * self.without_result / self.searches) if self.searches else 0


def search_report(days: int) -> SearchReport:
    since = timezone.localdate() - timedelta(days=days - 1)
    searches = SearchLog.objects.filter(day__gte=since)
    openings = Click.objects.filter(day__gte=since)
    empty = searches.filter(results=0)
    return SearchReport(
        days=days,
        searches=searches.count(),
        without_result=empty.count(),
        openings=openings.count(),
        mean_ms=round(searches.aggregate(mean=Avg("took_ms"))["mean"] or 0.0),
        found_nothing=_asked(empty),
        most_asked=_asked(searches),
        clicks=_clicks(openings),
    )


def _asked(searches: QuerySet[SearchLog]) -> list[QueryCount]:
    rows = searches.values("query").annotate(
        times=Count("pk"), last=Max("day"), mean=Avg("results")
    )
    ordered: Any = rows.order_by("-times", "-last", "query")[:ROWS]
    return [QueryCount(row["query"], row["times"], row["last"], row["mean"]) for row in ordered]


def _clicks(openings: QuerySet[Click]) -> list[ClickCounts]:
    """One row for each of the first positions, and one for all others."""
    rows = openings.values_list("position").annotate(opened=Count("pk")).order_by("position")
    counts: dict[str, int] = {str(place): 0 for place in range(1, POSITIONS + 1)}
    further = f"after {POSITIONS}"
    for position, opened in rows:
        place = str(position) if position <= POSITIONS else further
        counts[place] = counts.get(place, 0) + opened
    total = sum(counts.values())
    if not total:
        return []
    return [
        ClickCounts(place, count, round(100 * count / total)) for place, count in counts.items()
    ]
