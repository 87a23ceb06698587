"""The comparison of a new reranker with the present one, on queries outside its training data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from rich.console import Console

from retrieval.evaluation import runner
from retrieval.evaluation.datasets.beir import Qrels
from retrieval.evaluation.datasets.index_builder import Recipe
from retrieval.evaluation.experiment import Experiment
from retrieval.evaluation.runs import Run
from retrieval.evaluation.statistics import bootstrap
from retrieval.training.data.listwise import query_key
from retrieval.training.errors import TrainingError

MEASURE = "nDCG@10"
ALL = "all together"


@dataclass(frozen=True)
class RerankerComparison:
    """nDCG@10 of the present and of the new reranker, and their difference with its interval."""

    name: str
    queries: int
    live: str
    old: float
    new: float
    difference: bootstrap.Difference

    @property
    def better(self) -> bool:
        """Whether the whole interval of the difference is above zero."""
        return self.difference.low > 0


def compare_rerankers(
    console: Console,
    model: Path,
    learnt: frozenset[str],
    judgements: Path | None,
    datasets: Sequence[Path],
) -> list[RerankerComparison]:
    """A comparison for each collection and, if there are several, one for all queries at the end.

    `learnt` are the keys of the training queries, which are left out.
    Raises TrainingError, DatasetError and DatabaseProblem.
    """
    old = _session(console, "hybrid+rerank" if runner.reranker_name() else "hybrid")
    new = _session(console, "hybrid+rerank")
    for session, using in ((old, settings.RERANKER_MODEL), (new, str(model))):
        with _reranking_with(using):
            if session is new and not runner.reranker_name():
                raise TrainingError(f"The model in {model} cannot be used; see the log.")
            for folder in datasets:
                dataset = session.load(folder)
                queries, qrels = _unseen(dataset.queries, dataset.qrels, learnt, folder)
                session.evaluate(replace(dataset, queries=queries, qrels=qrels))
            if judgements:
                task = session.own_judgements(judgements)
                queries, qrels = _unseen(task.queries, task.qrels, learnt, judgements)
                session.run_all(replace(task, queries=queries, qrels=qrels), {})
    pairs = list(zip(old.runs, new.runs, strict=True))
    outcomes = [_outcome(before.dataset, [(before, after)]) for before, after in pairs]
    return [*outcomes, _outcome(ALL, pairs)] if len(pairs) > 1 else outcomes


def _session(console: Console, mode: str) -> Experiment:
    recipe = Recipe(settings.CHUNK_TOKENS, settings.CHUNK_OVERLAP)
    return Experiment(console=console, modes=(mode,), varied={}, recipes=[recipe])


@contextmanager
def _reranking_with(model: str) -> Iterator[None]:
    live = settings.RERANKER_MODEL
    try:
        settings.RERANKER_MODEL = model
        yield
    finally:
        settings.RERANKER_MODEL = live


def _unseen(
    queries: Mapping[str, str], qrels: Qrels, learnt: frozenset[str], where: Path
) -> tuple[dict[str, str], Qrels]:
    kept = {name: text for name, text in queries.items() if query_key(text) not in learnt}
    if not kept:
        raise TrainingError(
            f"The model has learnt from every query of {where}, so they prove nothing. "
            "Train with a larger --held-out share."
        )
    return kept, {name: qrels[name] for name in kept}


def _outcome(name: str, pairs: Sequence[tuple[Run, Run]]) -> RerankerComparison:
    values: Callable[[Run], list[float]] = lambda run: list(run.values[MEASURE].values())  # noqa: E731
    old = [value for before, _ in pairs for value in values(before)]
    new = [value for _, after in pairs for value in values(after)]
    live = str(pairs[0][0].settings.get("reranker", "")) or "no reranker"
    (difference,) = bootstrap.paired_differences([old, new])
    return RerankerComparison(
        name, len(old), live, sum(old) / len(old), sum(new) / len(new), difference
    )
