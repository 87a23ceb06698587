"""`manage.py reindex`: ingest every document again with the present model and settings.

Searches see the old version of a document until the new one is complete. If EMBEDDING_MODEL has
changed, they use the old model's space until every document is in the new one.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.embedding import (
    ModelUnavailable,
    configured_model,
    count_missing_vectors,
    switch_active_space,
)
from documents.ingestion import heartbeat
from documents.ingestion.local_worker import wait_or_run
from documents.library import QueueUnavailable, reindex_documents
from documents.management.progress import progress
from documents.models import Collection, Document


class Command(BaseCommand):
    help = "Index all documents again with the present model and settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collection", metavar="SLUG", help="Only this collection.")

    def handle(self, *args: Any, **options: Any) -> None:
        every = chosen(options["collection"])
        documents = every.live()
        by_worker = heartbeat.worker_is_alive()
        ids = list(documents.order_by("created_at").values_list("pk", flat=True))
        try:
            reindex_documents(documents, enqueue=by_worker)
            reindex_documents(every.trashed(), enqueue=False)  # when they are restored
        except QueueUnavailable as error:
            raise CommandError(str(error)) from error
        with progress("Indexing", len(ids)) as done:
            wait_or_run(ids, by_worker, done)
        self.stdout.write(f"{len(ids)} documents reindexed.")
        self.switch()
        failed = Document.objects.filter(pk__in=ids, state=Document.State.FAILED)
        for document in failed:
            self.stderr.write(f"{document.title}: {document.error}")
        if failed:
            raise CommandError(f"{len(failed)} failed; searches keep their former version.")

    def switch(self) -> None:
        """Make the configured model's space active, once it has every published passage."""
        try:
            space = configured_model().space()
        except ModelUnavailable as error:
            self.stderr.write(f"{error} Documents are found by their words alone.")
            return
        if space.is_active:
            return
        left = count_missing_vectors(space)
        if left:
            self.stdout.write(
                f"{left} passages are not in the new model's space yet, so searches keep the old "
                "one. Restart the workers, then run reindex for all collections."
            )
            return
        switch_active_space(space)
        self.stdout.write(f"Searches use {space.model} from now on.")


def chosen(slug: str | None) -> Any:
    if slug is None:
        return Document.objects.all()
    if not Collection.objects.filter(slug=slug).exists():
        known = ", ".join(Collection.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no collection {slug}. There are: {known}.")
    return Document.objects.filter(collection__slug=slug)
