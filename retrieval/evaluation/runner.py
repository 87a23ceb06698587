"""Runs of every query of a dataset through the product's ranking pipeline."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from documents.models.ranking_settings import FieldWeights, Recency
from retrieval import rerankers
from retrieval.curation import NO_CURATION, Curation
from retrieval.evaluation.datasets.beir import Qrels
from retrieval.evaluation.grid import RERANKED, WEIGHTS, GridPoint
from retrieval.evaluation.runs import Run, percentiles
from retrieval.evaluation.statistics import metrics
from retrieval.modes import HYBRID
from retrieval.query import Filters, ParsedQuery
from retrieval.ranking import (
    RETRIEVERS,
    LexicalRetriever,
    Ranking,
    RankingOptions,
    dense_share,
    rank,
)
from retrieval.rerankers import clear_score_cache

WARM_UP = 3
MODES = (*RETRIEVERS, HYBRID, RERANKED)


@dataclass(frozen=True)
class EvaluationTask:
    """Judged queries over an index. `ids` maps a document's id to its id in the judgements;
    `recipe` describes how the index was made; `curation` are the synonyms and pins of a query."""

    dataset: str
    queries: Mapping[str, str]
    qrels: Qrels
    filters: Filters
    ids: Mapping[str, str] | None
    recipe: Mapping[str, Any]
    curation: Callable[[str], Curation] = lambda query: NO_CURATION


def own_settings() -> dict[str, Any]:
    """The settings of the installation and of a new collection, under the names of `--set`."""
    reranker, weights = rerankers.load_reranker(), FieldWeights()
    return {
        "candidates": settings.RETRIEVER_TOP_K,
        "fusion": settings.FUSION,
        "dense_weight": settings.DENSE_WEIGHT,
        "rerank_depth": settings.RERANK_TOP_N or getattr(reranker, "depth", 0),
        "rerank_shown": settings.RERANK_INPUT,
        "rerank_weight": getattr(reranker, "weight", 0.0)
        if settings.RERANK_WEIGHT is None
        else settings.RERANK_WEIGHT,
        "title_weight": weights.title,
        "headings_weight": weights.headings,
        "text_weight": weights.text,
        "recency_half_life": 0,
        "recency_floor": 0.0,
        "curation": "on",
    }


def options_for_mode(mode: str, chosen: GridPoint) -> RankingOptions:
    """Ranking options of a mode, with a fixed rerank depth instead of a time budget."""
    elsewhere = (*WEIGHTS, "curation")
    values: dict[str, Any] = {k: value for k, value in chosen.items() if k not in elsewhere}
    half_life, floor = values.pop("recency_half_life", 0), values.pop("recency_floor", 0.0)
    if half_life:
        values["recency"] = Recency(half_life, floor)
    if "dense_weight" in values:
        values["weights"] = dense_share(values.pop("dense_weight"))
    return RankingOptions(
        mode=mode.removesuffix("+rerank"), rerank=mode.endswith("+rerank"), **values
    )


def run_task(
    task: EvaluationTask,
    mode: str,
    chosen: GridPoint,
    varied: GridPoint,
    tick: Callable[[], None],
    *,
    keep_scores: bool = False,
) -> Run:
    """Run all queries one after the other in one thread; `tick` is called after each.

    The first few run before, untimed, so that models are loaded and kernels compiled. Cached
    scores of rerankers are dropped, unless `keep_scores`, so that each is computed.
    """
    options = _options_by_query(task, mode, chosen)
    for query, text in list(task.queries.items())[:WARM_UP]:
        rank(ParsedQuery(text=text), task.filters, options[query])
    if not keep_scores:
        clear_score_cache()
    found: dict[str, Sequence[tuple[str, float]]] = {}
    took: dict[str, list[float]] = {}
    started = time.perf_counter()
    for query, text in task.queries.items():
        ranking = rank(ParsedQuery(text=text), task.filters, options[query])
        for stage, milliseconds in ranking.took_ms.items():
            took.setdefault(stage, []).append(milliseconds)
        found[query] = _documents(ranking, task.ids)
        tick()
    seconds = time.perf_counter() - started
    rankings = {query: [document for document, _ in pairs] for query, pairs in found.items()}
    return Run(
        dataset=task.dataset,
        mode=mode,
        settings={**task.recipe, **chosen, **_models(mode)},
        varied=varied,
        values=metrics.per_query(task.qrels, rankings),
        latency_ms=percentiles(took),
        queries_per_second=len(found) / seconds,
        found=found,
    )


def _options_by_query(
    task: EvaluationTask, mode: str, chosen: GridPoint
) -> dict[str, RankingOptions]:
    """Those of the mode; with curation on, also the synonyms and pins of each query."""
    options = options_for_mode(mode, chosen)
    if chosen["curation"] == "off":
        return dict.fromkeys(task.queries, options)
    curated = {query: task.curation(text) for query, text in task.queries.items()}
    return {
        query: replace(options, rules=each.rules, pinned=each.pinned)
        for query, each in curated.items()
    }


def reranker_name() -> str:
    """The reranker's name, or an empty text without one."""
    found = rerankers.load_reranker()
    return found.name if found else ""


def _models(mode: str) -> dict[str, str]:
    embedder = (
        {} if mode == LexicalRetriever.name else {"embedding_model": settings.EMBEDDING_MODEL}
    )
    return embedder | ({"reranker": reranker_name()} if mode.endswith("+rerank") else {})


def _documents(ranking: Ranking, ids: Mapping[str, str] | None) -> list[tuple[str, float]]:
    if ids is None:
        return [(document.document_id, document.score) for document in ranking.documents]
    return [
        (ids[document.document_id], document.score)
        for document in ranking.documents
        if document.document_id in ids
    ]
