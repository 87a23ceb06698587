"""What allauth asks the product: who may sign up, from where someone comes, and each password."""

import base64
import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from documents.request_context import request_context
from frontend.account import throttle
from frontend.account.known_device import device_of, mark_device
from frontend.account.password_gate import GateBusyError, PasswordGate
from frontend.account.too_many_requests import too_many_requests

logger = logging.getLogger(__name__)
gate = PasswordGate(settings.PASSWORD_CHECKS)
BUSY_S = 3
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; passwords are checked within limits."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is not right."),
        "enter_current_password": _("The password is not right."),
        "incorrect_password": _("The password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return request_context().address or UNKNOWN_ADDRESS

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user, if the password is right. Answers 429, before anything is hashed, when this
        try came too early or too many passwords are being checked."""
        username = str(credentials.get("username", ""))
        attempt = throttle.PasswordTry(
            username, truncate_ip(self.get_client_ip(request)), device_of(request, username)
        )
        wait = throttle.seconds_to_wait(attempt)
        if wait:
            raise _refused(request, wait, "too many failures")
        try:
            with gate.place(known=bool(attempt.device)):
                user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        except GateBusyError as error:
            raise _refused(request, BUSY_S, "too many at once") from error
        if user is None:
            request.password_wait_s = throttle.count_failure(attempt)  # type: ignore[attr-defined]
        else:
            throttle.forget_failures(attempt)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: allauth's own limit would let a stranger lock a user out."""

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        mark_device(response, user.get_username())
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps and recovery codes encrypted, by SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. Give the one that the app shows now."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was encrypted; a secret that fits no code when SECRET_KEY is another one now."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor cannot be read: it was set up with another SECRET_KEY.")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> Fernet:
    key = salted_hmac("second factor", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _refused(request: HttpRequest, wait: int, reason: str) -> ImmediateHttpResponse:
    logger.warning(
        "password try refused: %s, from=%s, wait=%d s", reason, request_context().address, wait
    )
    return ImmediateHttpResponse(too_many_requests(request, wait))
