"""The search page: one view and one context; htmx gets the smaller template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from frontend.asking import Asked
from frontend.finding import present, switches
from frontend.start import start_page
from retrieval.results import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = Asked.read(request.GET)
    context: dict[str, object] = {"asked": asked}
    if asked.query:
        context["found"] = present(find(request.user, asked.request()), asked)
        context["switches"] = switches(asked)
    else:
        context["start"] = start_page(request.user)
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "frontend/search/fragment.html" if fragment else "frontend/search/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response
