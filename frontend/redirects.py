"""Redirects back to the page from which a form was sent."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def return_url(request: HttpRequest, otherwise: str) -> str:
    """The path in the form if it is local, else that of the view `otherwise`."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse(otherwise)
