"""A new password ends the API tokens of its user, whoever sets it and wherever."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from documents.auth.api_tokens import revoke_tokens
from documents.models import ApiToken

_kept: ContextVar[bool] = ContextVar("tokens_kept", default=False)


@contextmanager
def tokens_kept() -> Iterator[None]:
    """Within it a password is changed without ending tokens, because its user said so."""
    reset = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(reset)


class TokenRevocation:
    """A password validator for what Django tells validators once a new password is stored.

    Forms, the admin and `manage.py changepassword` all come by it. A hash that is only computed
    anew, as a sign-in does after an upgrade of Django, is no new password and does not.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Takes any password."""

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is not None and not _kept.get():
            tokens = ApiToken.objects.filter(user=user.pk).select_related("user")
            revoke_tokens(tokens, reason="password changed")

    def get_help_text(self) -> str:
        return _("A new password ends the API tokens of the account.")
