"""`manage.py calibrate_relevance --dataset DIR ...`: the cutoffs of good and strong matches."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from retrieval.evaluation.console import console_for, progress_bar
from retrieval.evaluation.datasets.beir import DatasetError
from retrieval.evaluation.datasets.databases import DatabaseProblem
from retrieval.evaluation.datasets.index_builder import Recipe
from retrieval.evaluation.datasets.out_of_domain import judged_pages, out_of_domain_queries
from retrieval.evaluation.experiment import Experiment
from retrieval.evaluation.statistics import relevance_cutoffs
from retrieval.evaluation.statistics.label_rates import LabelRate, label_rates
from retrieval.evaluation.statistics.relevance_cutoffs import EVIDENCE, JudgedAnswer, Rates
from retrieval.modes import HYBRID
from retrieval.ranking import LexicalRetriever
from retrieval.search import GOOD, STRONG, WEAK, RelevanceCutoffs

# The mode whose pages each kind of evidence is judged on: words alone on those of lexical search.
JUDGED_ON = {"both": HYBRID, "words": LexicalRetriever.name, "meaning": HYBRID}
LABELS = {STRONG: "strong", GOOD: "good", WEAK: "weak", "": "no label"}
HEAD = (
    "left out", "good from", "strong from", "foreign pages good", "strong", "own pages good",
    "relevant good", "results labelled", "relevant of these", "relevant of the others",
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Find where matches begin to be good, and where strong, with the present embedding model: "
        "queries of one collection are asked of others, where nothing answers them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dataset", type=Path, action="append", required=True, metavar="DIR",
            help="a collection in BEIR layout; three or more",
        )  # fmt: skip
        parser.add_argument(
            "--related", action="append", default=[], metavar="NAME,NAME",
            help="collections that may answer each other's queries; may be repeated",
        )  # fmt: skip
        parser.add_argument("--foreign", type=int, default=300, metavar="N",
                            help="foreign queries for each collection, at most")  # fmt: skip
        parser.add_argument("--markdown", type=Path, metavar="FILE", help="save the tables")

    def handle(self, *args: Any, **options: Any) -> None:
        related = [frozenset(group.split(",")) for group in options["related"]]
        console = console_for(self.stdout)  # type: ignore[arg-type]
        session = Experiment(console, modes=(), varied={}, recipes=())
        answers: dict[str, list[JudgedAnswer]] = {mode: [] for mode in JUDGED_ON.values()}
        try:
            datasets = [session.load(folder) for folder in options["dataset"]]
            for dataset in datasets:
                foreign = out_of_domain_queries(dataset, datasets, related, options["foreign"])
                if not foreign:
                    raise CommandError(f"No other collection is foreign to {dataset.name}.")
                recipe = Recipe(settings.CHUNK_TOKENS, settings.CHUNK_OVERLAP)
                with session.opened(dataset, recipe) as task, progress_bar(console) as bar:
                    size = len(task.queries) + len(foreign)
                    for mode in answers:
                        found = judged_pages(task, foreign, mode)
                        words = f"{dataset.name}: {mode}"
                        answers[mode] += bar.track(found, size, description=words)
        except (DatasetError, DatabaseProblem) as error:
            raise CommandError(str(error)) from error
        tables = [_table(name, answers[mode]) for name, mode in JUDGED_ON.items()]
        text = "\n\n".join([*tables, _labels(answers[HYBRID])]) + "\n"
        console.print(text, markup=False)
        if options["markdown"]:
            options["markdown"].write_text(text, encoding="utf-8")


def _table(name: str, answers: list[JudgedAnswer]) -> str:
    """The rates on each collection of the others' cutoffs, then of the cutoffs of all."""
    by_dataset = relevance_cutoffs.rate_curves(answers, EVIDENCE[name])
    cutoffs = relevance_cutoffs.choose_cutoffs(by_dataset.values())
    alone = relevance_cutoffs.leave_one_out_rates(by_dataset)
    rows = [_row(dataset, *found) for dataset, found in alone.items()]
    rows += [_row(f"none, {d}", cutoffs, own.rates(cutoffs)) for d, own in by_dataset.items()]
    head = f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}"
    chosen = f"good from {cutoffs.good:.2f}, strong from {cutoffs.strong:.2f}"
    return f"**{name}**: {chosen}\n\n{head}\n" + "\n".join(rows)


def _labels(answers: list[JudgedAnswer]) -> str:
    """What the labels tell that pages show by the present cutoffs: the share of the results of
    each collection that has them, and of these the relevant ones."""
    head = f"| labels, shown and relevant | {' | '.join(LABELS.values())} |\n|{' --- |' * 5}"
    rows = []
    for name in dict.fromkeys(answer.dataset for answer in answers):
        rates = label_rates(answer for answer in answers if answer.dataset == name)
        cells = [rates.get(label, LabelRate(0, 0)) for label in LABELS]
        shares = " | ".join(f"{100 * c.share:.1f} %, {100 * c.relevant:.0f} %" for c in cells)
        rows.append(f"| {name} | {shares} |")
    return f"{head}\n" + "\n".join(rows)


def _row(name: str, cutoffs: RelevanceCutoffs, rates: Rates) -> str:
    shares = [f"{100 * value:.1f} %" for value in vars(rates).values()]
    return f"| {' | '.join([name, f'{cutoffs.good:.2f}', f'{cutoffs.strong:.2f}', *shares])} |"
