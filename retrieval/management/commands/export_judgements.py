"""`manage.py export_judgements FOLDER`: the judgements of users, for evaluation and training."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from retrieval.training.data.from_judgements import JudgedPair, majority_judgements, training_rows
from retrieval.training.data.rows import as_line, write_rows


class Command(BaseCommand):
    help = (
        "Write the judgements made in the product as queries.jsonl and qrels/test.tsv, which "
        "`evaluate --judgements FOLDER` reads. No user is named in them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--training", type=Path, metavar="FILE",
            help="also write JSON lines of query, positive and negatives to train a model on",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        judged, undecided = majority_judgements()
        try:
            _write(options["folder"], judged)
            rows = (
                write_rows(options["training"], training_rows(judged)) if options["training"] else 0
            )
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        count = sum(len(one.documents) for one in judged)
        self.stdout.write(f"{count} judgements of {len(judged)} queries in {options['folder']}.")
        if undecided:
            self.stdout.write(f"{undecided} were left out: too few users agree.")
        if options["training"]:
            self.stdout.write(f"{rows} rows in {options['training']}.")


def _write(folder: Path, judged: Iterable[JudgedPair]) -> None:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    judged = list(judged)
    queries = "".join(as_line({"_id": one.id, "text": one.query}) for one in judged)
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    with (folder / "qrels" / "test.tsv").open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        for one in judged:
            for document, relevant in one.documents.items():
                file.write(f"{one.id}\t{document}\t{int(relevant)}\n")
