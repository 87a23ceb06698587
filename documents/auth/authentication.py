"""Bearer tokens for the REST API."""

from django.contrib.auth.models import AbstractBaseUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from documents.auth import api_tokens
from documents.models import ApiToken


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`.

    Other schemes are left alone, since a proxy in front may use them for itself. Raises
    AuthenticationFailed (401 with WWW-Authenticate) for a token that is malformed, unknown, or
    whose user has been deactivated.
    """

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, ApiToken] | None:
        scheme, _, value = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        parts = value.split()
        if len(parts) != 1:
            raise AuthenticationFailed("Write the header as “Authorization: Bearer TOKEN”.")
        token = api_tokens.find_token(parts[0].decode("latin-1"))
        if token is None:
            raise AuthenticationFailed(
                "This token is not known here. Make a new one with “manage.py token USERNAME”."
            )
        if not token.user.is_active:
            raise AuthenticationFailed("The account of this token has been deactivated.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
