"""What allauth and Django say of sign-ins, written to the audit log and the log."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from documents.auth import record_event
from documents.models import AuditEvent

Action = AuditEvent.Action


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    record_event(Action.SIGN_IN, user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        record_event(Action.SIGN_OUT, user)


@receiver(user_login_failed)
def password_was_wrong(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    """Also when a signed-in user is asked once more; the name is as it was typed."""
    actor = request.user if request is not None and hasattr(request, "user") else None
    record_event(
        Action.SIGN_IN_FAILED, actor, actor_name=str(credentials.get("username", "")),
        reason="password",
    )  # fmt: skip


@receiver(second_factor.authentication_failed)
def code_was_wrong(user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event(Action.SIGN_IN_FAILED, user, reason=authenticator.type)


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(user: User, **_: Any) -> None:
    record_event(Action.PASSWORD_CHANGED, user)


@receiver(second_factor.authenticator_added)
def second_factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event(Action.SECOND_FACTOR_CHANGED, user, change="added", type=authenticator.type)


@receiver(second_factor.authenticator_removed)
def second_factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event(Action.SECOND_FACTOR_CHANGED, user, change="removed", type=authenticator.type)


@receiver(second_factor.authenticator_reset)
def second_factor_renewed(user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event(Action.SECOND_FACTOR_CHANGED, user, change="renewed", type=authenticator.type)
