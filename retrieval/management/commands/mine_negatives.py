"""`manage.py mine_negatives`: hard negatives for training rows."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from retrieval.evaluation.console import console_for, progress_bar
from retrieval.evaluation.datasets.databases import DatabaseProblem
from retrieval.evaluation.datasets.index_builder import Recipe
from retrieval.training.data import candidates
from retrieval.training.data.candidates import CandidateSearch, PassageCorpus
from retrieval.training.data.hard_negatives import NegativeRules
from retrieval.training.data.negative_miner import mine_rows
from retrieval.training.data.rows import TrainingRow, read_rows
from retrieval.training.errors import TrainingError


class Command(BaseCommand):
    help = (
        "Add hard negatives to rows of queries and passages that answer them: what the product's "
        "own hybrid search ranks high among the passages given, or in the live index where none "
        "are. A stopped run goes on when the same command is run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        files: dict[str, Any] = {"type": Path, "nargs": "+", "metavar": "FILE"}
        rules = NegativeRules()
        parser.add_argument("--data", required=True, help="JSON lines: query, positive", **files)
        parser.add_argument("--passages", help="JSON lines: id, title, text, section", **files)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--negatives", type=int, default=rules.count, metavar="N",
            help="for each row (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument(
            "--depth", type=int, default=rules.depth, metavar="N",
            help="drawn from the first N found (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument(
            "--margin", type=float, default=rules.margin, metavar="SHARE",
            help="how far below the positive's score a negative must be, as a share of it "
            "(default: %(default)s); below 0 for negatives above the positive, too",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=rules.seed, metavar="N")
        parser.add_argument("--language", default="en", help="that of the passages given")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = console_for(self.stdout)  # type: ignore[arg-type]
        rules = NegativeRules(
            options["negatives"], options["depth"], options["margin"], options["seed"]
        )
        try:
            rows = list(read_rows(options["data"]))
            if options["passages"]:
                kept, left_out = self._among(rows, rules, options)
            else:
                kept, left_out = self._mine(
                    rows, candidates.live_candidates(), rules, options["out"], "live"
                )
        except (TrainingError, DatabaseProblem) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; the same command goes on.", returncode=130) from None
        self.stdout.write(f"{kept} rows in {options['out']}.")
        if left_out:
            self.stdout.write(
                f"{left_out} were left out: their passage was not found, or nothing else was fit."
            )

    def _among(
        self, rows: list[TrainingRow], rules: NegativeRules, options: dict[str, Any]
    ) -> tuple[int, int]:
        passages = PassageCorpus(options["passages"])
        recipe = Recipe(settings.CHUNK_TOKENS, settings.CHUNK_OVERLAP, options["language"])
        size, fingerprint, about = candidates.size_and_fingerprint(passages, recipe)
        with progress_bar(self.console) as bar:
            task = bar.add_task("Indexing passages", total=size)
            with candidates.indexed(
                passages, recipe, fingerprint, about, lambda: bar.advance(task)
            ) as search:
                bar.stop()
                return self._mine(rows, search, rules, options["out"], fingerprint)

    def _mine(
        self,
        rows: list[TrainingRow],
        search: CandidateSearch,
        rules: NegativeRules,
        out: Path,
        made_from: str,
    ) -> tuple[int, int]:
        with progress_bar(self.console) as bar:
            task = bar.add_task("Searching", total=len(rows))
            return mine_rows(
                rows, search.ranking, rules,
                out=out, made_from=made_from, tick=lambda: bar.advance(task),
            )  # fmt: skip
