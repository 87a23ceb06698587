"""API tokens: 256 random bits, shown once; only their SHA-256 digest is kept.

A plain hash is enough: what is hashed cannot be guessed, so slowing guesses down gains nothing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from documents.auth.audit_log import record_event
from documents.errors import TokenLimitReached
from documents.models import ApiToken, AuditEvent, Collection, TokenScope
from documents.models.permissions import Caller

USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    user: User,
    name: str = "",
    *,
    scope: TokenScope = TokenScope.ADMIN,
    collections: Iterable[Collection] | None = None,
    days: int | None = None,
    actor: Caller | None = None,
) -> str:
    """A new token for `user`, as 64 hexadecimal digits. It cannot be read again later.

    It is for all `collections` unless some are named, and expires after so many `days`, TOKEN_DAYS
    unless said otherwise, 0 for never. Raises TokenLimitReached at the limit of TOKENS_PER_USER.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at once are counted in turn
    if live_tokens(user).count() >= settings.TOKENS_PER_USER:
        raise TokenLimitReached("too_many_tokens", most=settings.TOKENS_PER_USER)
    secret = secrets.token_hex(32)
    days = settings.TOKEN_DAYS if days is None else days
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=token_digest(secret),
        prefix=secret[:8],
        scope=scope,
        all_collections=collections is None,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    named = list(collections or ())
    token.collections.set(named)
    record_event(
        AuditEvent.Action.TOKEN_CREATED,
        actor,
        token,
        user=user.get_username(),
        scope=str(scope),
        collections=None if collections is None else [one.slug for one in named],
        expires_at=token.expires_at.isoformat() if token.expires_at else None,
    )
    return secret


def live_tokens(user: Caller) -> QuerySet[ApiToken]:
    """Those of `user` that have not expired."""
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    return ApiToken.objects.filter(live, user=user.pk)


@transaction.atomic
def revoke_tokens(
    tokens: Iterable[ApiToken], actor: Caller | None = None, *, reason: str = ""
) -> int:
    """End tokens at once. Returns how many."""
    revoked = list(tokens)
    for token in revoked:
        record_event(
            AuditEvent.Action.TOKEN_REVOKED,
            actor,
            token,
            user=token.user.get_username(),
            reason=reason,
        )
    ApiToken.objects.filter(pk__in=[token.pk for token in revoked]).delete()
    return len(revoked)


def find_token(secret: str) -> ApiToken | None:
    """The row of a token with its user, or None; it may have expired."""
    wanted = token_digest(secret)
    found = ApiToken.objects.select_related("user").filter(digest=wanted).first()
    if found is None or not hmac.compare_digest(found.digest, wanted):
        return None
    return found


def token_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def note_use(token: ApiToken) -> None:
    """Write at most once a minute, so that a busy client does not make every read a write."""
    now = timezone.now()
    due = now - USE_IS_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < due:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=due)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
