"""`manage.py search "words"`: the results of a search as a table."""

from typing import IO, Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from documents.models.permissions import Caller
from retrieval.modes import HYBRID
from retrieval.query import FILTER_FIELDS, SearchRequest, chosen_in
from retrieval.ranking import MODES
from retrieval.search import SearchResponse, search_documents


class Command(BaseCommand):
    help = "Search the documents from the command line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", help="words as you would type them into the search box")
        parser.add_argument("--mode", choices=MODES, default=HYBRID)
        parser.add_argument("--no-rerank", action="store_true")
        for name in FILTER_FIELDS:
            parser.add_argument(f"--{name}", action="append", default=[], metavar=name.upper())
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--user", help="search as this user; without, everything is searched")

    def handle(self, *args: Any, **options: Any) -> None:
        request = SearchRequest(
            query=options["query"],
            mode=options["mode"],
            rerank=not options["no_rerank"],
            filters=chosen_in(options),
            page_size=max(1, options["limit"]),
        )
        page = search_documents(_caller(options["user"]), request)
        console = Console(file=cast(IO[str], self.stdout))
        console.print(_table(page))
        for notice in page.warnings:
            console.print(str(notice), style="yellow")
        if page.suggestion:
            console.print(f"Did you mean: {page.suggestion}")


def _caller(username: str | None) -> Caller:
    """The user named, or one who sees everything: who runs the command has the database anyway."""
    users = get_user_model()
    if username is None:
        return users.objects.filter(is_superuser=True, is_active=True).first() or AnonymousUser()
    user = users.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user named {username}.")
    return user


def _table(page: SearchResponse) -> Table:
    more = " or more" if page.total_relation == "gte" else ""
    found = f"{page.total}{more} documents in {page.took_ms.get('total', 0):.0f} ms"
    table = Table(title=found if page.total else "Nothing found.", title_justify="left")
    near = f"The last {len(page.related)} are loosely related and do not count."
    table.caption = near if page.related else None
    for column in ("Score", "Document", "Collection", "Page", "Passage"):
        table.add_column(column)
    for result in [*page.results, *page.related]:
        best = result.passages[0]
        table.add_row(
            f"{result.score:.3f}",
            result.document.title,
            result.document.collection,
            "" if best.page is None else str(best.page),
            " ".join(best.text.split())[:160],
            end_section=result in page.results[-1:],
        )
    return table
