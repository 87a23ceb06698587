"""The search page: one view and one context; htmx gets the smaller template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from frontend.asking import Asked
from frontend.finding import present, switches
from frontend.start import start_page
from retrieval.completing import complete
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


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The options under the search box, for what has been typed so far."""
    completions = complete(request.user, request.GET.get("q", ""))
    response = render(request, "frontend/search/suggestions.html", {"completions": completions})
    patch_cache_control(response, private=True, max_age=30)
    patch_vary_headers(response, ["Cookie"])
    return response
