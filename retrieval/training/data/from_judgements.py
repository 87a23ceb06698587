"""The judgements of all users as majorities for each query and document, and as training rows."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q

from documents.chunking import indexed_text
from documents.models import Collection, Passage
from retrieval.models import Judgement
from retrieval.query import Filters, parse_query
from retrieval.ranking import default_options, rank
from retrieval.training.data.rows import TrainingRow


@dataclass(frozen=True)
class JudgedPair:
    """A query and its judged documents: id → whether it is relevant."""

    query: str
    documents: Mapping[str, bool] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """An id that is the same for the query in every export."""
        return hashlib.sha256(self.query.encode()).hexdigest()[:12]

    def named(self, relevant: bool) -> list[str]:
        return [document for document, verdict in self.documents.items() if verdict is relevant]


def majority_judgements() -> tuple[list[JudgedPair], int]:
    """By query, the majority judgements of published documents; and the number of ties left out."""
    rows = (
        Judgement.objects.filter(document__version__gt=0)
        .values("query", "document_id")
        .annotate(
            yes=Count("pk", filter=Q(relevant=True)), no=Count("pk", filter=Q(relevant=False))
        )
        .order_by("query", "document_id")
    )
    found: dict[str, dict[str, bool]] = {}
    ties = 0
    for row in rows:
        if row["yes"] == row["no"]:
            ties += 1
        else:
            verdict = row["yes"] > row["no"]
            found.setdefault(row["query"], {})[str(row["document_id"])] = verdict
    return [JudgedPair(query, documents) for query, documents in found.items()], ties


def training_rows(judged: Sequence[JudgedPair]) -> Iterator[TrainingRow]:
    """For each relevant document a row of query, positive and negatives, as models read them.

    Its passage that ranks best for the query represents a document. The document is its own
    section, so that none of its passages becomes a negative later.
    """
    for one in judged:
        passages = _best_passages(one)
        negatives = [passages[d] for d in one.named(False) if d in passages]
        for document in one.named(True):
            if document in passages:
                yield TrainingRow(
                    one.query, passages[document], tuple(negatives), document, document
                )


def _best_passages(one: JudgedPair) -> dict[str, str]:
    """Document id → the text of its best passage for the query."""
    rows = list(Collection.objects.values_list("pk", "language"))
    filters = Filters(
        collections=frozenset(pk for pk, _ in rows),
        languages=tuple(sorted({language for _, language in rows})),
    ).within(one.documents)
    options = replace(default_options(), rerank=False)
    ranking = rank(parse_query(one.query), filters, options)
    best = {d.document_id: d.passages[0].passage_id for d in ranking.documents}
    passages = Passage.objects.filter(pk__in=best.values()).select_related("document")
    texts = {c.pk: indexed_text(c.document.title, c.headings, c.text) for c in passages}
    return {document: texts[passage] for document, passage in best.items() if passage in texts}
