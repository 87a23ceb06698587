"""The explanation of a result's rank, stage by stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend.search.retriever_labels import retriever_label
from retrieval.search import DocumentAge, Explanation, LexicalRetriever, MatchedTerm, RankedScore


@dataclass(frozen=True)
class ExplanationRow:
    """One stage of the ranking: the result's rank, its value and the reason."""

    label: str
    rank: int | None
    value: str
    words: tuple[str, ...] = ()
    moved: str = ""


def explanation_rows(explanation: Explanation | None) -> Iterator[ExplanationRow]:
    """The stages in order, without those that did not score the result."""
    if explanation is None:
        return
    words = tuple(map(_word, explanation.terms))
    for name, scored in explanation.retrievers.items():
        label = retriever_label(name)
        own = words if name == LexicalRetriever.name else ()
        yield ExplanationRow(label.title, scored.rank, _value(label.unit, scored), own)
    if explanation.age:
        yield ExplanationRow(_("Age"), None, _age(explanation.age))
    fused, reranked = explanation.fused, explanation.rerank
    moved = _moved_by_fusion(explanation)
    yield ExplanationRow(_("Combined"), fused.rank, _value(_("score"), fused), moved=moved)
    if reranked:
        moved = _from_to(fused.rank, reranked.rank)
        yield ExplanationRow(
            _("Reranker"), reranked.rank, _value(_("score"), reranked), moved=moved
        )


def _word(term: MatchedTerm) -> str:
    """The word, with the one of the query that it is a synonym of."""
    if not term.synonym_of:
        return term.term
    return _("%(word)s (synonym of %(other)s)") % {"word": term.term, "other": term.synonym_of}


def _value(unit: str, scored: RankedScore) -> str:
    return f"{unit} {number_format(Decimal(format(scored.score, '.3g')))}"


def _age(age: DocumentAge) -> str:
    """The age in days, and the share of the score that it leaves."""
    share = _("%(percent)s %% of the score") % {"percent": round(100 * age.factor)}
    number = number_format(age.days, force_grouping=True)
    return f"{ngettext('%(n)s day', '%(n)s days', age.days) % {'n': number}}: {share}"


def _moved_by_fusion(explanation: Explanation) -> str:
    """How fusion changed the result's rank, in words."""
    if explanation.pinned:
        return _("first because an editor pinned it to this query")
    if explanation.titled:
        return _("first because its title is what you typed")
    if explanation.exact_matches:
        return _("first because it holds the exact code you typed")
    ranks = [scored.rank for scored in explanation.retrievers.values() if scored.rank]
    return _from_to(min(ranks, default=None), explanation.fused.rank)


def _from_to(before: int | None, after: int | None) -> str:
    if not before or not after:
        return ""
    if before == after:
        return _("kept its place")
    if after < before:
        return ngettext("moved up %(n)d place", "moved up %(n)d places", before - after) % {
            "n": before - after
        }
    return ngettext("moved down %(n)d place", "moved down %(n)d places", after - before) % {
        "n": after - before
    }
