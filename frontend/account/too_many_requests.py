"""The answer 429, as a page that says how long to wait."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MINUTE_S = 60


def too_many_requests(request: HttpRequest, wait_s: int = MINUTE_S) -> HttpResponse:
    """Also allauth's handler429, for its limits per minute, which name no time."""
    context = {"seconds": wait_s, "minutes": -(-wait_s // MINUTE_S)}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(wait_s)
    return response
