"""API tokens: 256 random bits, shown once; only their SHA-256 digest is kept.

A plain hash is enough: what is hashed cannot be guessed, so slowing guesses down gains nothing.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from documents.models import ApiToken

USE_IS_NOTED_EVERY = timedelta(minutes=1)


def create_token(user: User, name: str = "") -> str:
    """A new token for `user`, as 64 hexadecimal digits. It cannot be read again later."""
    token = secrets.token_hex(32)
    ApiToken.objects.create(user=user, name=name, digest=token_digest(token), prefix=token[:8])
    return token


def find_token(token: str) -> ApiToken | None:
    """The row of `token` with its user, or None; notes that it was used, to the minute."""
    wanted = token_digest(token)
    found = ApiToken.objects.select_related("user").filter(digest=wanted).first()
    if found is None or not hmac.compare_digest(found.digest, wanted):
        return None
    _note_use(found)
    return found


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _note_use(token: ApiToken) -> None:
    """Write at most once a minute, so that a busy client does not make every read a write."""
    now = timezone.now()
    due = now - USE_IS_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < due:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=due)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
