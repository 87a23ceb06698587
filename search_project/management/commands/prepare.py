"""`manage.py prepare`: tables, static files, first administrator and samples, then done."""

from typing import Any

from django.core.management.base import BaseCommand

from search_project.first_start import prepare


class Command(BaseCommand):
    help = "Bring tables and static files up to date; on the first start, add admin and samples."

    def handle(self, *args: Any, **options: Any) -> None:
        login = prepare()
        if login:
            self.stdout.write(login)
