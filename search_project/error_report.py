"""The traceback page of `DEBUG=on`, without the secrets of the installation or of the caller.

Django hides settings by their names only, and nothing else while DEBUG is on.
"""

import re
from types import FrameType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

HIDDEN = "********************"
CREDENTIALS = re.compile(r"(?<=://)[^\s/?#'\"<>]*@")
# Variables have such names as `passages` and `author`, which tell nobody anything.
SECRET_NAME = re.compile(
    r"passw|secret|authorization|(^|_)(url|dsn|key|token|credential|cookie|session|digest)s?$", re.I
)
# Shorter ones are words that stand elsewhere, too.
SHORTEST = 8


class SecretsFilter(SafeExceptionReporterFilter):
    """Hides by name and by value: settings, headers, cookies, fields of forms, variables."""

    cleansed_substitute = HIDDEN
    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|CREDENTIAL|_URL$", re.I
    )

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        cleansed = super().cleanse_setting(key, value)
        return without_credentials(cleansed) if isinstance(cleansed, str) else cleansed

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        return dict.fromkeys(super().get_safe_cookies(request), HIDDEN)

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        found = super().get_post_parameters(request)
        return {name: self.cleanse_setting(name, found[name]) for name in found}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> Any:
        return [
            (name, HIDDEN if SECRET_NAME.search(name) else value)
            for name, value in super().get_traceback_frame_variables(request, tb_frame)
        ]


class SecretsReporter(ExceptionReporter):
    """Takes out of the whole page what values of all kinds may repeat."""

    def get_traceback_html(self) -> SafeString:
        return SafeString(without_secrets(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(without_secrets(super().get_traceback_text()))


def without_credentials(text: str) -> str:
    """User and password of each address replaced."""
    return CREDENTIALS.sub(f"{HIDDEN}@", text)


def without_secrets(text: str) -> str:
    """The same, and every secret of the installation, however it is written."""
    for secret in _secrets():
        for form in (secret, quote(secret, safe=""), quote(secret), escape(secret)):
            text = text.replace(form, HIDDEN)
    return without_credentials(text)


def _secrets() -> list[str]:
    """Those of the settings and those kept as files, the longest first."""
    addresses = (settings.DATABASE_URL, settings.REDIS_URL, settings.CACHE_URL)
    passwords = [unquote(urlsplit(address).password or "") for address in addresses]
    kept = [path.read_text("utf-8").strip() for path in settings.STATE.folder("secrets").iterdir()]
    found = {settings.SECRET_KEY, settings.ADMIN_PASSWORD, *passwords, *kept}
    return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)
