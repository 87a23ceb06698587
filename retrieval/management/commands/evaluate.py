"""`manage.py evaluate --dataset DIR`: the quality of the ranking on judged queries."""

import json
import platform
import shlex
import sys
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.models.passage_size import PassageSize
from retrieval.evaluation import grid
from retrieval.evaluation.console import console_for, print_report
from retrieval.evaluation.datasets.beir import DatasetError
from retrieval.evaluation.datasets.databases import DatabaseProblem
from retrieval.evaluation.datasets.index_builder import Recipe
from retrieval.evaluation.experiment import Experiment
from retrieval.evaluation.report import Report, write_trec
from retrieval.evaluation.runner import MODES, own_settings
from retrieval.evaluation.statistics.cross_validation import leave_one_out
from retrieval.query import SynonymRules, parse_synonyms
from retrieval.ranking import FUSIONS


class Command(BaseCommand):
    help = (
        "Measure the ranking on collections in BEIR layout. Each is indexed into a database of its "
        "own, which is kept and used again while its text and the settings are the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        path: dict[str, Any] = {"type": Path, "metavar": "FILE"}
        parser.add_argument(
            "--dataset",
            type=Path,
            action="append",
            default=[],
            metavar="DIR",
            help="a collection in BEIR layout; may be repeated",
        )
        parser.add_argument(
            "--judgements",
            help="judgements made in the product, as exported by "
            "export_judgements; measured on the live index",
            **path,
        )
        parser.add_argument("--mode", nargs="+", choices=MODES, default=list(MODES))
        parser.add_argument(
            "--set",
            nargs="+",
            action="extend",
            default=[],
            metavar="NAME=V1,V2",
            help=f"settings to try: {', '.join(grid.PARSERS)}",
        )
        parser.add_argument(
            "--synonyms",
            help="a list of synonyms to try; --set curation=off,on compares without and with it",
            **path,
        )
        parser.add_argument("--chunk-tokens", default="", metavar="N[,N]")
        parser.add_argument("--chunk-overlap", default="", metavar="N[,N]")
        parser.add_argument("--language", default="en", help="that of the collections")
        parser.add_argument("--split", default="", help="which file of judgements (default: test)")
        parser.add_argument("--queries", type=int, metavar="N", help="only the first N queries")
        parser.add_argument(
            "--choose",
            action="store_true",
            help="choose a setting on all collections but one, and judge it on that one",
        )
        parser.add_argument(
            "--drop-old",
            action="store_true",
            help="drop databases made from earlier states or settings of the same collections",
        )
        parser.add_argument(
            "--keep-scores",
            action="store_true",
            help="runs share what the reranker has read: quicker, but only the first run's times "
            "count its reading",
        )
        parser.add_argument("--json", help="save everything", **path)
        parser.add_argument("--markdown", help="save the tables", **path)
        parser.add_argument("--run", help="save TREC run files", **path)  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dataset"] and not options["judgements"]:
            raise CommandError("Name a collection with --dataset DIR, or give --judgements FILE.")
        self.console = console_for(self.stdout)  # type: ignore[arg-type]
        try:
            session = Experiment(
                console=self.console,
                modes=tuple(options["mode"]),
                varied=grid.parse_grid(options["set"], FUSIONS),
                recipes=_recipes(options),
                split=options["split"],
                limit=options["queries"],
                drop_old=options["drop_old"],
                keep_scores=options["keep_scores"],
                synonyms=_synonyms(options["synonyms"]),
            )
            ended_early = self._measure(session, options)
        except (DatasetError, DatabaseProblem, ValueError) as error:
            raise CommandError(str(error)) from error
        self._report(session, options)
        if ended_early:
            raise ended_early

    def _measure(self, session: Experiment, options: dict[str, Any]) -> CommandError | None:
        """The error that ended the experiment early, if any; finished runs are reported anyway.

        All collections are opened first, so that a missing file fails early.
        """
        datasets = [session.load(folder) for folder in options["dataset"]]
        own = session.own_judgements(options["judgements"]) if options["judgements"] else None
        try:
            for dataset in datasets:
                session.evaluate(dataset)
            if own:
                session.run_all(own, {})
        except KeyboardInterrupt:
            session.notes.append("Interrupted: what was not finished is missing here.")
            return CommandError("Interrupted; what was done is kept.", returncode=130)
        except DatabaseProblem as problem:
            if not session.runs:
                raise
            session.notes.append(f"{problem} What was not finished is missing here.")
            return CommandError(f"{problem} What was done is kept.")
        return None

    def _report(self, session: Experiment, options: dict[str, Any]) -> None:
        choices = None
        if options["choose"]:
            own = own_settings() | {
                "chunk_tokens": settings.CHUNK_TOKENS, "chunk_overlap": settings.CHUNK_OVERLAP
            }  # fmt: skip
            choices = {mode: leave_one_out(session.runs, mode, own) for mode in options["mode"]}
        report = Report(session.runs, _about(), session.notes, choices)
        print_report(self.console, report)
        if options["json"]:
            text = json.dumps(report.as_json(), indent=1, ensure_ascii=False)
            _write(options["json"], text + "\n")
        if options["markdown"]:
            _write(options["markdown"], report.as_markdown())
        if options["run"]:
            try:
                write_trec(options["run"], session.runs)
            except OSError as error:
                raise CommandError(f"{options['run']} cannot be written: {error}.") from error


def _recipes(options: dict[str, Any]) -> list[Recipe]:
    sizes = _numbers("--chunk-tokens", options["chunk_tokens"]) or [settings.CHUNK_TOKENS]
    overlaps = _numbers("--chunk-overlap", options["chunk_overlap"]) or [settings.CHUNK_OVERLAP]
    for size, overlap in product(sizes, overlaps):
        try:
            PassageSize(size, overlap).check()
        except ValidationError as problem:
            raise CommandError(f"{size}/{overlap} tokens: {problem.messages[0]}") from problem
    return [
        Recipe(size, overlap, options["language"]) for size, overlap in product(sizes, overlaps)
    ]


def _synonyms(path: Path | None) -> tuple[SynonymRules, ...]:
    """The rules of a file, for every collection. Raises ValueError (a SynonymError is one)."""
    if path is None:
        return ()
    try:
        return (parse_synonyms(path.read_text("utf-8")),)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _numbers(option: str, text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise CommandError(f"{option} takes whole numbers between commas, not “{text}”.") from None


def _about() -> dict[str, str]:
    arguments = [part for part in sys.argv[1:] if part]
    return {
        "command": f"`manage.py {shlex.join(arguments)}`",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "models": f"embedding {settings.EMBEDDING_MODEL}, reranker {settings.RERANKER_MODEL}",
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
    }


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
