"""What the age of documents leaves of their scores.

Exponential decay with a half-life, as the time-based prior of Li and Croft ("Time-Based Language
Models", CIKM 2003) and the decay functions of Elasticsearch, and with a floor, so that age alone
never hides a document. Only candidates of the retrievers are weighed: age brings none of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from documents.models.ranking_settings import Recency
from retrieval.ranking.passage_owners import PassageOwner
from retrieval.ranking.types import DocumentScore


def aged(
    documents: Sequence[DocumentScore], owners: Iterable[PassageOwner], everywhere: Recency | None
) -> list[DocumentScore]:
    """The documents with the fused scores that their ages leave, in the same order.

    Where its collection does not count age, a document keeps its score, as a new one does in the
    others. `everywhere` replaces what the collections say. A score is measured from zero, or from
    the lowest if that is below, so that nothing gains by its age.
    """
    found = {owner.document_id: owner for owner in owners}
    lowest = min([0.0, *(document.fused for document in documents)])
    today = timezone.localdate()
    return [
        _aged(document, owner.day, recency, lowest, today) if recency else document
        for document in documents
        for owner in [found[document.document_id]]
        for recency in [everywhere or owner.recency]
    ]


def _aged(
    document: DocumentScore, day: date, recency: Recency, lowest: float, today: date
) -> DocumentScore:
    age = max((today - day).days, 0)
    factor = recency.factor(age)
    fused = lowest + (document.fused - lowest) * factor
    return replace(document, fused=fused, recency_factor=factor, age_days=age)
