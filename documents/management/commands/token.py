"""`manage.py token USERNAME`: print a new API token and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from documents.auth import create_token
from documents.errors import TokenLimitReached
from documents.models import Collection, TokenScope


class Command(BaseCommand):
    help = "Prints a new API token for a user. It is shown this once; only its digest is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what the token is for")
        parser.add_argument(
            "--scope", type=TokenScope, choices=list(TokenScope), default=TokenScope.ADMIN,
            help="what it opens: search, read, write, or admin (default: all that its user may do)",
        )  # fmt: skip
        parser.add_argument(
            "--collection", metavar="SLUG", action="append",
            help="the only collection that it is for; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--days", type=int, help="when it expires, 0 for never (default: TOKEN_DAYS)"
        )

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user called {username!r}.")
        if not user.is_active:
            raise CommandError(f"The account of {username!r} has been deactivated.")
        days = options["days"]
        if days is not None and not 0 <= days <= 36_500:
            raise CommandError("--days takes a number from 0 to 36500.")
        slugs = options["collection"]
        try:
            token = create_token(
                user,
                options["name"][:100],
                scope=options["scope"],
                collections=None if slugs is None else _collections(slugs),
                days=days,
            )
        except TokenLimitReached as error:
            raise CommandError(str(error)) from error
        self.stdout.write(token)


def _collections(slugs: list[str]) -> list[Collection]:
    found = {one.slug: one for one in Collection.objects.filter(slug__in=slugs)}
    if unknown := [slug for slug in slugs if slug not in found]:
        raise CommandError(f"There is no collection {', '.join(unknown)}.")
    return list(found.values())
