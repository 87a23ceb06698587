"""`manage.py bootstrap`: create tables, static files, first administrator and samples."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search_project.supervisor.bootstrap import bootstrap


class Command(BaseCommand):
    help = "Bring tables and static files up to date; on the first start, add admin and samples."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-static", action="store_true", help="Leave static files as they are."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        login = bootstrap(static=not options["without_static"])
        if login:
            self.stdout.write(login)
