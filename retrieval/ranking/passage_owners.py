"""The documents of passages, read from the database in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from documents.metadata import day_expression
from documents.models import Passage
from documents.models.ranking_settings import Recency
from retrieval.query import Filters


@dataclass(frozen=True)
class PassageOwner:
    """The document of a passage, its day, and the recency of its collection, None where age does
    not count."""

    document_id: str
    day: date
    recency: Recency | None = None


def passage_owners(passage_ids: Sequence[int], filters: Filters) -> dict[int, PassageOwner]:
    """Passage id → its owner, for passages that are published and allowed now."""
    rows = (
        Passage.objects.filter(
            pk__in=passage_ids,
            version=F("document__version"),
            document__deleted_at=None,
            document__collection__in=filters.collections,
        )
        .order_by()
        .values_list(
            "pk",
            "document_id",
            day_expression("document__"),
            "document__collection__recency_half_life",
            "document__collection__recency_floor",
        )
    )
    return {
        pk: PassageOwner(str(document), day, Recency(half_life, floor) if half_life else None)
        for pk, document, day, half_life, floor in rows
    }
