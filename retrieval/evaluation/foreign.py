"""First pages of queries on collections: those written for them, and those of other subjects."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from retrieval import engine
from retrieval.evaluation.beir import Dataset
from retrieval.evaluation.calibrating import Answer, Passage, Result
from retrieval.evaluation.running import Task
from retrieval.index import live_index
from retrieval.presenting import PASSAGES, share_of
from retrieval.query import Query
from retrieval.ranking import DocumentScore, Ranking
from retrieval.retrievers import DenseRetriever

PAGE = 10
SEED = 3


def foreign_to(
    dataset: Dataset, others: Iterable[Dataset], related: Sequence[frozenset[str]], most: int
) -> list[str]:
    """Queries of the other collections, but for those that a group in `related` names with this
    one; of more than `most` a sample, always the same."""
    strange = [
        other for other in others if not any({dataset.name, other.name} <= each for each in related)
    ]
    texts = [text for other in strange if other is not dataset for text in other.queries.values()]
    return random.Random(SEED).sample(texts, min(most, len(texts)))  # noqa: S311


def pages(task: Task, foreign: Sequence[str], mode: str) -> Iterator[Answer]:
    """The answer to each of the task's own queries, and to each of the foreign ones."""
    options = replace(engine.default_options(), mode=mode, rerank=False)
    asked = [(text, task.qrels[query]) for query, text in task.queries.items()]
    for text, grades in [*asked, *((text, None) for text in foreign)]:
        ranking = engine.search(Query(text=text), task.filters, options)
        results = [
            Result(_passages(document, ranking), _grade(document, grades, task.ids or {}) > 0)
            for document in ranking.documents[:PAGE]
        ]
        yield Answer(task.dataset, grades is not None, tuple(results))


def _passages(document: DocumentScore, ranking: Ranking) -> tuple[Passage, ...]:
    index = live_index().bm25
    return tuple(
        (
            passage.score_by(DenseRetriever.name) or 0.0,
            share_of(ranking.terms, passage.chunk_id, index) or 0.0,
        )
        for passage in document.passages[:PASSAGES]
    )


def _grade(
    document: DocumentScore, grades: Mapping[str, int] | None, ids: Mapping[str, str]
) -> int:
    return grades.get(ids.get(document.document_id, ""), 0) if grades else 0
