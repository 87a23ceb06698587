"""The cookie by which a browser is known in which an account has signed in before.

It names nobody: the account is in the salt of its signature. It lets nobody in; it only gives the
password tries of this browser a count of their own (frontend.account.throttle).
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

COOKIE = "known_device"
MAX_AGE_S = 180 * 24 * 3600


def device_of(request: HttpRequest, username: str) -> str:
    """The browser's own random name, if this account has signed in there; else nothing."""
    try:
        return _signer(username).unsign(request.COOKIES.get(COOKIE, ""), max_age=MAX_AGE_S)
    except BadSignature:
        return ""


def mark_device(response: HttpResponse, username: str) -> None:
    response.set_cookie(
        COOKIE,
        _signer(username).sign(secrets.token_urlsafe(12)),
        max_age=MAX_AGE_S,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _signer(username: str) -> TimestampSigner:
    return TimestampSigner(salt=f"known device of {username.casefold()}")
