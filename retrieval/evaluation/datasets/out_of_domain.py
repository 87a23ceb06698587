"""First pages of results for queries of the collection and for queries of other subjects."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from retrieval.evaluation.datasets.beir import Dataset
from retrieval.evaluation.runner import EvaluationTask
from retrieval.evaluation.statistics.relevance_cutoffs import (
    JudgedAnswer,
    JudgedResult,
    PassageEvidence,
)
from retrieval.live_index import live_index
from retrieval.query import ParsedQuery
from retrieval.ranking import DenseRetriever, DocumentScore, Ranking, default_options, rank
from retrieval.search import PASSAGES_PER_RESULT, word_coverage

PAGE = 10
SEED = 3


def out_of_domain_queries(
    dataset: Dataset, others: Iterable[Dataset], related: Sequence[frozenset[str]], most: int
) -> list[str]:
    """Queries of the other collections, except those in one group of `related` with this one; at
    most `most`, by a deterministic sample."""
    strange = [
        other for other in others if not any({dataset.name, other.name} <= each for each in related)
    ]
    texts = [text for other in strange if other is not dataset for text in other.queries.values()]
    return random.Random(SEED).sample(texts, min(most, len(texts)))  # noqa: S311


def judged_pages(task: EvaluationTask, foreign: Sequence[str], mode: str) -> Iterator[JudgedAnswer]:
    """The first page for each of the task's own queries and for each foreign query."""
    options = replace(default_options(), mode=mode, rerank=False)
    own = [(text, task.qrels[query]) for query, text in task.queries.items()]
    for text, grades in [*own, *((text, None) for text in foreign)]:
        ranking = rank(ParsedQuery(text=text), task.filters, options)
        results = [
            JudgedResult(_passages(document, ranking), _grade(document, grades, task.ids or {}) > 0)
            for document in ranking.documents[:PAGE]
        ]
        yield JudgedAnswer(task.dataset, grades is not None, tuple(results))


def _passages(document: DocumentScore, ranking: Ranking) -> tuple[PassageEvidence, ...]:
    shown = document.passages[:PASSAGES_PER_RESULT]
    ids = [passage.passage_id for passage in shown]
    coverage = word_coverage(ranking.terms, ids, live_index().bm25)
    return tuple(
        (passage.score_by(DenseRetriever.name) or 0.0, coverage[passage.passage_id] or 0.0)
        for passage in shown
    )


def _grade(
    document: DocumentScore, grades: Mapping[str, int] | None, ids: Mapping[str, str]
) -> int:
    return grades.get(ids.get(document.document_id, ""), 0) if grades else 0
