"""One call of `evaluate`: its collections, chunkings, modes and settings."""

import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import connection
from rich.console import Console
from rich.progress import Progress

from documents.models import Collection
from retrieval.curation import Curation, curated_collections, curation_of
from retrieval.evaluation import grid, runner
from retrieval.evaluation.console import progress_bar
from retrieval.evaluation.datasets import beir, databases, index_builder, judgements
from retrieval.evaluation.datasets.beir import Dataset
from retrieval.evaluation.datasets.index_builder import Recipe
from retrieval.evaluation.grid import Value
from retrieval.evaluation.runner import EvaluationTask
from retrieval.evaluation.runs import Run
from retrieval.live_index import current_index
from retrieval.query import Filters, SynonymRules
from retrieval.rerankers import reset_score_cache

DAY = 24 * 3600
NO_RERANKER = "hybrid+rerank was not run: no reranker can be had (RERANKER_MODEL)."


@dataclass
class Experiment:
    """Collects `runs` and `notes`, so that an interrupted experiment has the finished ones."""

    console: Console
    modes: Sequence[str]
    varied: Mapping[str, Sequence[Value]]
    recipes: Sequence[Recipe]
    split: str = ""
    limit: int | None = None
    drop_old: bool = False
    keep_scores: bool = False
    synonyms: tuple[SynonymRules, ...] = ()
    runs: list[Run] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def load(self, folder: Path) -> Dataset:
        dataset = beir.load_dataset(folder, self.split)
        kept = dict(list(dataset.queries.items())[: self.limit])
        return replace(dataset, queries=kept, qrels={query: dataset.qrels[query] for query in kept})

    def evaluate(self, dataset: Dataset) -> None:
        """Index the collection once for each chunking, and run everything on each index."""
        used = []
        for recipe in self.recipes:
            varied = {
                name: value
                for name, value in asdict(recipe).items()
                if len({getattr(other, name) for other in self.recipes}) > 1
            }
            with self.opened(dataset, recipe) as task:
                used.append(str(connection.settings_dict["NAME"]))
                self.run_all(task, varied)
        self._drop_outdated(dataset, used)

    @contextmanager
    def opened(self, dataset: Dataset, recipe: Recipe) -> Iterator[EvaluationTask]:
        """Yields the collection's task, indexed in a database of its own, which this process uses
        until the block ends. Raises DatabaseProblem."""
        corpus, size = dataset.fingerprint()
        fingerprint, about = index_builder.recipe_fingerprint(corpus, recipe)
        name = databases.name_for(dataset.name, fingerprint)
        with databases.switched_to(name, about) as folder:
            self._index(dataset, recipe, size, folder)
            curation = Curation(self.synonyms)
            yield replace(_task(dataset, recipe), curation=lambda query: curation)

    def own_judgements(self, path: Path) -> EvaluationTask:
        """The judged queries, to run on the live index with its synonyms, pins and weights of
        fields. Raises DatasetError, and ValueError where weights are to be tried."""
        if weights := [name for name in grid.WEIGHTS if name in self.varied]:
            raise ValueError(f"{weights[0]} can be tried on collections of --dataset alone.")
        queries, qrels = judgements.read_judgements(path)
        rows = list(Collection.objects.values_list("pk", "language"))
        filters = Filters(
            collections=frozenset(pk for pk, _ in rows),
            languages=tuple(sorted({language for _, language in rows})),
        )
        return EvaluationTask("own judgements", queries, qrels, filters, None, {}, self._curation)

    def _curation(self, query: str) -> Curation:
        """What the product itself applies to a query, and the synonyms to try."""
        own = curation_of(curated_collections(Collection.objects.all(), query), current_index())
        return replace(own, rules=(*own.rules, *self.synonyms))

    def run_all(self, task: EvaluationTask, varied: Mapping[str, Value]) -> None:
        """Every mode at every setting; a run counts once all its queries are answered."""
        if self.keep_scores:
            reset_score_cache(DAY)
        for mode in self.modes:
            if mode.endswith("+rerank") and not runner.reranker_name():
                self._note(NO_RERANKER)
                continue
            for chosen in grid.combinations(mode, runner.own_settings(), self.varied):
                named = {name: chosen[name] for name in grid.matters(mode) if name in self.varied}
                if task.ids is not None:  # never on the live index
                    index_builder.weigh_fields(
                        {name: chosen[name] for name in grid.WEIGHTS if name in chosen}
                    )
                with progress_bar(self.console) as bar:
                    label = " ".join([mode, *(f"{k}={v}" for k, v in {**varied, **named}.items())])
                    tick = _ticker(bar, f"{task.dataset}: {label}", len(task.queries))
                    settings = {**varied, **named}
                    run = runner.run_task(
                        task, mode, chosen, settings, tick, keep_scores=self.keep_scores
                    )
                    self.runs.append(run)

    def _index(self, dataset: Dataset, recipe: Recipe, size: int, folder: Path) -> None:
        started = time.perf_counter()
        with progress_bar(self.console) as bar:
            words = f"Indexing {dataset.name} ({recipe.chunk_tokens}/{recipe.chunk_overlap} tokens)"
            filled = index_builder.fill_index(dataset, recipe, _ticker(bar, words, size))
        index_builder.prepare_index(folder)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if filled.added:
            self._note(
                f"{dataset.name}: {filled.added} of {filled.indexed} documents indexed in "
                f"{seconds:.0f} s, peak memory of this process {peak:.0f} MB."
            )
        if filled.failed:
            self._note(
                f"{dataset.name}: {filled.failed} documents are not in the index and count as not "
                f"found. The first says: {filled.problem}"
            )

    def _drop_outdated(self, dataset: Dataset, used: Sequence[str]) -> None:
        for old in databases.existing_databases(dataset.name):
            if old.name in used:
                continue
            if self.drop_old:
                databases.drop_database(old.name)
                continue
            made = ", ".join(f"{k} {old.about.get(k)}" for k in ("corpus", "chunk_tokens"))
            self.console.print(
                f"Also kept: {old.name} ({old.size}; {made}). --drop-old drops it.", style="dim"
            )

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _task(dataset: Dataset, recipe: Recipe) -> EvaluationTask:
    collection = Collection.objects.get(slug=index_builder.EVALUATION_COLLECTION)
    filters = Filters(collections=frozenset({collection.pk}), languages=(recipe.language,))
    about: dict[str, Any] = asdict(recipe)
    return EvaluationTask(
        dataset.name, dataset.queries, dataset.qrels, filters, index_builder.external_ids(), about
    )


def _ticker(bar: Progress, words: str, total: int) -> Any:
    task = bar.add_task(words, total=total)
    return lambda: bar.advance(task)
