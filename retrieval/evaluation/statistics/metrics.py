"""Metrics of a run against judgements, computed by ir-measures (trec_eval's own code)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from retrieval.evaluation.datasets.beir import Qrels

# The names used in reports → how ir-measures spells them.
MEASURES = {"nDCG@10": "nDCG@10", "Recall@100": "R@100", "MRR@10": "RR@10"}

Rankings = Mapping[str, Sequence[str]]  # query id → document ids, best first
PerQuery = dict[str, dict[str, float]]  # measure → query id → value


def per_query(qrels: Qrels, rankings: Rankings) -> PerQuery:
    """Every measure for every judged query; a query without results counts 0.

    trec_eval sorts by score and breaks ties by its own rule, so it gets scores that fall by one
    with each place: the order measured is the order given.
    """
    import ir_measures

    measures = _measures()
    judged = [
        ir_measures.Qrel(query, document, grade)
        for query, documents in qrels.items()
        for document, grade in documents.items()
    ]
    run = [
        ir_measures.ScoredDoc(query, document, float(-place))
        for query in qrels
        for place, document in enumerate(rankings.get(query, ()))
    ]
    values: PerQuery = {name: dict.fromkeys(qrels, 0.0) for name in measures.values()}
    if run:
        for value in ir_measures.iter_calc(list(measures), judged, run):
            values[measures[value.measure]][value.query_id] = float(value.value)
    return values


def means(values: PerQuery) -> dict[str, float]:
    """Measure → its mean over the queries."""
    return {name: sum(each.values()) / len(each) for name, each in values.items()}


@cache
def _measures() -> dict[Any, str]:
    import ir_measures

    return {ir_measures.parse_measure(ours): name for name, ours in MEASURES.items()}
