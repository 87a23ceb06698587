"""Headers of every answer: what a browser may keep of it, and which of its powers pages may use."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# No page uses any of these; a script that slips in shall not, either.
UNUSED_FEATURES = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
    "hid", "local-fonts", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)


class ResponseHeadersMiddleware:
    """Adds Permissions-Policy, and `Cache-Control: no-store` to what was answered to somebody.

    A view that sets Cache-Control itself has decided; what carries neither session nor token may be
    kept, since everybody may see it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if _names_somebody(request, response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _names_somebody(request: HttpRequest, response: HttpResponse) -> bool:
    session = settings.SESSION_COOKIE_NAME
    return (
        session in request.COOKIES
        or session in response.cookies
        or "Authorization" in request.headers
    )
