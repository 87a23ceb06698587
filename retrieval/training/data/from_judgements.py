"""The judgements of all users as majorities for each query and document, and as training rows."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from documents.chunking import indexed_text
from documents.models import Collection, Document, Passage
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


class Voter(NamedTuple):
    user_id: int | None
    is_staff: bool


@dataclass(frozen=True)
class VotingRule:
    """How many judgements become one verdict.

    A user has one vote on a query and document, whose weight is 1, and `staff_weight` for staff.
    The side that weighs more decides, if it weighs `quorum` at least. Of one user without the
    rights of staff only the newest `per_user` judgements count, so that k accounts decide at most
    k * per_user / quorum pairs that nobody else judged. Deactivated accounts have no vote, and
    deleted ones, which cannot be told apart, one together.
    """

    quorum: int
    staff_weight: int
    per_user: int

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            settings.JUDGEMENT_QUORUM,
            settings.JUDGEMENT_STAFF_WEIGHT,
            settings.JUDGEMENTS_PER_USER,
        )

    def verdict(self, votes: Mapping[Voter, int]) -> bool | None:
        """What the votes, more than 0 for relevant, say; None where too few agree."""
        yes = sum(self._weight(voter) for voter, vote in votes.items() if vote > 0)
        no = sum(self._weight(voter) for voter, vote in votes.items() if vote < 0)
        return None if yes == no or max(yes, no) < self.quorum else yes > no

    def _weight(self, voter: Voter) -> int:
        return self.staff_weight if voter.is_staff else 1


def majority_judgements(rule: VotingRule | None = None) -> tuple[list[JudgedPair], int]:
    """By query, what users said of published documents; and how many pairs were left out because
    too few agree. The rule is that of the settings unless another is given."""
    rule = rule or VotingRule.from_settings()
    votes: dict[tuple[str, str], Counter[Voter]] = {}
    for query, document, relevant, *voter in _counted_judgements(rule.per_user):
        said = votes.setdefault((query, str(document)), Counter())
        said[Voter(*voter)] += 1 if relevant else -1
    found: dict[str, dict[str, bool]] = {}
    undecided = 0
    for (query, document), said in votes.items():
        verdict = rule.verdict(said)
        if verdict is None:
            undecided += 1
        else:
            found.setdefault(query, {})[document] = verdict
    return [JudgedPair(query, documents) for query, documents in found.items()], undecided


def _counted_judgements(per_user: int) -> QuerySet[Judgement, tuple[Any, ...]]:
    """Query, document, verdict, user and whether they are staff, in order of the first two."""
    newest_first = Window(
        RowNumber(), partition_by=F("user"), order_by=[F("created_at").desc(), F("pk").desc()]
    )
    staff = Coalesce("user__is_staff", False)
    return (
        Judgement.objects.exclude(user__is_active=False)
        .annotate(staff=staff, place=newest_first)
        .filter(Q(staff=True) | Q(place__lte=per_user))
        .filter(document__in=Document.objects.published())
        .order_by("query", "document_id")
        .values_list("query", "document_id", "relevant", "user_id", "staff")
    )


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
