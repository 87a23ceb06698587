"""`manage.py train_reranker`: train a cross-encoder, and install it if it is better."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.table import Table

from retrieval.evaluation.console import console_for, share_bar
from retrieval.evaluation.datasets.beir import DatasetError
from retrieval.evaluation.datasets.databases import DatabaseProblem
from retrieval.evaluation.report import interval
from retrieval.rerankers import RERANKER_CONFIG
from retrieval.training import model_card
from retrieval.training.config import RunFolder, TrainingConfig
from retrieval.training.errors import TrainingError, TrainingStopped
from retrieval.training.installation import install_reranker
from retrieval.training.run import train
from retrieval.training.significance import MEASURE, RerankerComparison, compare_rerankers


class Command(BaseCommand):
    help = (
        "Train a cross-encoder to rerank with, compare it with what is live, and install it if it "
        "is better. A stopped run goes on when the same command is run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        file: dict[str, Any] = {"type": Path, "metavar": "FILE", "nargs": "+", "default": []}
        folder: dict[str, Any] = {"type": Path, "metavar": "DIR"}
        parser.add_argument("--data", help="JSON lines: query, positive, negatives", **file)
        parser.add_argument("--out", required=True, help="the model's folder", **folder)
        parser.add_argument("--minutes", type=float, help="train no longer than this")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        _add_plan(parser)
        parser.add_argument(
            "--judgements", help="compare by what export_judgements wrote", **folder
        )
        parser.add_argument(
            "--dataset", action="append", default=[],
            help="compare on a collection in BEIR layout; may be repeated", **folder,
        )  # fmt: skip
        parser.add_argument(
            "--weight", type=float, default=0.3, help="its share in the blend (%(default)s)"
        )
        parser.add_argument("--install", action="store_true", help="use it, if it is better")
        parser.add_argument("--force", action="store_true", help="use it in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = console_for(self.stdout)  # type: ignore[arg-type]
        folder = RunFolder(options["out"].resolve())
        try:
            if options["data"]:
                self._train(folder, options)
            elif not folder.finished:
                raise TrainingError(f"{folder.path} holds no trained model; name --data FILE.")
            weight = json.dumps({"weight": options["weight"]})
            (folder.path / RERANKER_CONFIG).write_text(weight, encoding="utf-8")
            outcomes = self._compare(folder, options)
            model_card.write_model_card(folder.path, folder.about, outcomes)
            if options["install"] or options["force"]:
                self._install(folder, outcomes, force=options["force"])
        except (TrainingError, DatasetError, DatabaseProblem) as error:
            raise CommandError(str(error)) from error
        except TrainingStopped as stopped:
            raise CommandError(str(stopped), returncode=130) from None
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error

    def _train(self, folder: RunFolder, options: dict[str, Any]) -> None:
        with share_bar(self.console) as bar:
            task = bar.add_task("Training", total=1.0)
            judged = train(
                TrainingConfig.of(options),
                folder,
                command=shlex.join(sys.argv[1:]),
                minutes=options["minutes"],
                device=options["device"],
                show=lambda share: bar.update(task, completed=share),
            )
        for name, value in judged.items():
            self.console.print(f"{name}: {value:.3f}")

    def _compare(self, folder: RunFolder, options: dict[str, Any]) -> list[RerankerComparison]:
        if not options["judgements"] and not options["dataset"]:
            return []
        learnt = frozenset(folder.about["queries"])
        outcomes = compare_rerankers(
            self.console, folder.path, learnt, options["judgements"], options["dataset"]
        )
        table = Table(title=f"{MEASURE}, with 95 % intervals", title_justify="left")
        for name in ("queries of", "number", "live", "before", "with it", "difference"):
            table.add_column(name)
        for one in outcomes:
            gap = interval(one.difference.mean, one.difference.low, one.difference.high)
            numbers = (f"{one.old:.3f}", f"{one.new:.3f}", gap.replace("[", r"\["))
            table.add_row(one.name, str(one.queries), one.live, *numbers)
        self.console.print(table)
        return outcomes

    def _install(
        self, folder: RunFolder, outcomes: list[RerankerComparison], *, force: bool
    ) -> None:
        if not force and not outcomes:
            raise TrainingError(
                "Not installed: there is nothing to compare by. Give --judgements FOLDER or "
                "--dataset DIR; --force installs it unmeasured."
            )
        if not force and not outcomes[-1].better:
            raise TrainingError(
                "Not installed: it is not better than what is live, beyond the luck of the "
                "queries. --force installs it all the same."
            )
        place = install_reranker(folder.path)
        self.console.print(f"Installed in {place}; searches use it from the next start on.")
        if settings.RERANKER_MODEL != "auto":
            self.console.print(
                f"RERANKER_MODEL is {settings.RERANKER_MODEL}: with `auto` it would be used."
            )


def _add_plan(parser: CommandParser) -> None:
    """The options that decide the result of the training."""
    own = TrainingConfig((), settings.EMBEDDING_MODEL)
    for option, default, words in (
        ("--layers", own.layers, "only the first N layers of the base"),
        ("--max-length", own.max_length, "tokens of query and passage together"),
        ("--size", own.size, "texts in a list"),
        ("--batch", own.batch, "lists in a step"),
        ("--epochs", own.epochs, "times that all data are gone through"),
        ("--seed", own.seed, "of all that is drawn by chance"),
    ):
        shown = words if default is None else f"{words} ({default})"
        parser.add_argument(option, type=int, default=default, metavar="N", help=shown)
    parser.add_argument("--base", default=own.base, metavar="MODEL", help="(%(default)s)")
    parser.add_argument("--learning-rate", type=float, default=own.learning_rate)
    parser.add_argument(
        "--fused", action="store_true", help="learn to correct the fused scores of the data"
    )
    parser.add_argument(
        "--held-out", type=float, default=own.held_out, metavar="SHARE",
        help="of the data, never learnt from (%(default)s)",
    )  # fmt: skip
    parser.add_argument("--held-out-books", nargs="+", default=[], metavar="BOOK")
