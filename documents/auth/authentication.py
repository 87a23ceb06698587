"""Bearer tokens for the REST API, and the scope that each operation needs of them."""

import logging
from typing import Any, cast

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from documents.auth import api_tokens
from documents.models import ApiToken, TokenScope, TokenUser

logger = logging.getLogger(__name__)

CHALLENGE = 'Bearer realm="api"'


class InsufficientScope(PermissionDenied):
    """The token does not open what was asked for (RFC 6750, section 3.1)."""

    def __init__(self, needed: TokenScope | None) -> None:
        if needed is None:
            super().__init__("No token opens this address: sign in with a browser.")
            return
        super().__init__(f"This needs a token with the scope “{needed}”.")
        self.auth_header = f'Bearer realm="api", error="insufficient_scope", scope="{needed}"'


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`.

    Raises AuthenticationFailed (401 with WWW-Authenticate) for another scheme, since its sender
    would otherwise be taken for nobody without a word, and for a token that is malformed, unknown,
    expired, or whose user has been deactivated. Raises InsufficientScope (403) where the view does
    not say in `token_scopes` that the token's scope opens the method: whatever a view's own
    permissions are, a token opens only what has been declared.
    """

    def authenticate(self, request: Request) -> tuple[TokenUser, ApiToken] | None:
        token = token_of(request)
        if token is None:
            return None
        check_scope(request.parser_context["view"], request.method or "", token)
        api_tokens.note_use(token)
        return TokenUser.of(token), token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def token_of(request: HttpRequest | Request) -> ApiToken | None:
    """The usable token that a request names; None where it has no Authorization header.

    Raises AuthenticationFailed.
    """
    header = get_authorization_header(cast(Request, request)).strip()
    if not header:
        return None
    scheme, _, value = header.partition(b" ")
    if scheme.lower() != b"bearer":
        raise AuthenticationFailed(
            "The API takes “Authorization: Bearer TOKEN” and no other scheme. A proxy that "
            "signs people in with this header itself has to remove it before it passes "
            "requests on."
        )
    parts = value.split()
    if len(parts) != 1:
        raise AuthenticationFailed("Write the header as “Authorization: Bearer TOKEN”.")
    return _usable_token(parts[0].decode("latin-1"))


def may_write(request: HttpRequest) -> bool:
    """Whether a request's token opens uploads; False without a token.

    For what is decided before a view is reached. Raises AuthenticationFailed and
    InsufficientScope, each with its header WWW-Authenticate.
    """
    try:
        token = token_of(request)
    except AuthenticationFailed as error:
        error.auth_header = CHALLENGE  # type: ignore[attr-defined]  # as a view adds it
        raise
    if token is not None and not token.opens(TokenScope.WRITE):
        raise InsufficientScope(TokenScope.WRITE)
    return token is not None


def _usable_token(secret: str) -> ApiToken:
    token = api_tokens.find_token(secret)
    if token is None:
        raise AuthenticationFailed(
            "This token is not known here. Make a new one with “manage.py token USERNAME”."
        )
    if not token.user.is_active:
        raise AuthenticationFailed("The account of this token has been deactivated.")
    if token.is_expired:
        logger.warning("An expired token of %s was used: %s", token.user.get_username(), token)
        raise AuthenticationFailed("This token has expired. Make a new one.")
    return token


def check_scope(view: Any, method: str, token: ApiToken) -> None:
    """Raises InsufficientScope unless `view.token_scopes` lets the token's scope use the method.

    A method that the view does not have is left to the framework, which answers 405; OPTIONS tells
    nothing that the schema does not.
    """
    method = "GET" if method == "HEAD" else method
    if method == "OPTIONS" or method not in view.allowed_methods:
        return
    needed: TokenScope | None = getattr(view, "token_scopes", {}).get(method)
    if needed is None or not token.opens(needed):
        raise InsufficientScope(needed)
