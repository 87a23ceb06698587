"""`manage.py ingest PATH...`: files and folders into a collection, with a report of failures."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify
from rich.console import Console
from rich.progress import track
from rich.table import Table

from documents.ingestion import heartbeat
from documents.ingestion.local_worker import wait_or_run
from documents.library import IntakeError, QueueUnavailable, add_file, create_collection
from documents.management.progress import progress
from documents.models import Collection, Document


@dataclass
class IngestReport:
    """The outcomes of the paths so far."""

    ids: list[Any] = field(default_factory=list)
    duplicates: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)


class Command(BaseCommand):
    help = "Add files, and the files in folders, to a collection and index them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path)
        parser.add_argument("--collection", metavar="SLUG", default="documents")
        parser.add_argument(
            "--create", action="store_true", help="Make the collection if there is none."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        collection = find_collection(options["collection"], options["create"])
        files = list(find_files(options["paths"]))
        by_worker = heartbeat.worker_is_alive()
        outcome = IngestReport()
        for file, source in track(files, "Adding", console=Console(stderr=True)):
            ingest_file(collection, file, source, outcome, by_worker)
        with progress("Indexing", len(outcome.ids)) as done:
            wait_or_run(outcome.ids, by_worker, done)
        self.summarise(outcome, collection)

    def summarise(self, outcome: IngestReport, collection: Collection) -> None:
        failed = Document.objects.filter(pk__in=outcome.ids, state=Document.State.FAILED)
        problems = [*outcome.rejected, *((one.filename, one.error) for one in failed)]
        indexed = len(outcome.ids) - len(failed)
        counts = f"{indexed} indexed in {collection.name}, {outcome.duplicates} duplicates."
        self.stdout.write(counts)
        if not problems:
            return
        table = Table("File", "Why it failed")
        for name, why in problems:
            table.add_row(name, why)
        Console(file=cast(IO[str], self.stdout)).print(table)
        raise CommandError(f"{len(problems)} failed.")


def find_collection(slug: str, create: bool) -> Collection:
    if slug == "documents":
        return Collection.objects.default()
    found = Collection.objects.filter(slug=slug).first()
    if found is None and create and slugify(slug) == slug:
        name = slug.replace("-", " ").capitalize()
        return create_collection(Collection(slug=slug, name=name), by=None)
    if found is None:
        known = ", ".join(Collection.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(
            f"There is no collection {slug}. There are: {known}. Add --create to make it."
        )
    return found


def find_files(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """The files named, and all files in folders that are not hidden, in order of their names.

    Each has its source: the path below the folder named, without that folder's own path.
    """
    for path in paths:
        if path.is_file():
            yield path, path.name
        elif path.is_dir():
            top = path.resolve().name
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            shown = [(p, p.relative_to(path)) for p in inside]
            yield from ((p, str(top / within)) for p, within in shown if not _hidden(within))
        else:
            raise CommandError(f"There is no file or folder {path}.")


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def ingest_file(
    collection: Collection, file: Path, source: str, outcome: IngestReport, enqueue: bool
) -> None:
    try:
        with file.open("rb") as stream:
            result = add_file(collection, stream, file.name, source=source, enqueue=enqueue)
    except IntakeError as error:
        outcome.rejected.append((file.name, str(error)))
    except QueueUnavailable as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        outcome.rejected.append((file.name, f"It cannot be read: {error.strerror}."))
    else:
        if result.created or result.document.state != Document.State.INDEXED:
            outcome.ids.append(result.document.pk)
        else:
            outcome.duplicates += 1
