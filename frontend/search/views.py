"""The search page: one view and one context; htmx gets the smaller template."""

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from documents.models import Document
from frontend.redirects import return_url
from frontend.search.answer_sentences import answer_sentences as best_answers
from frontend.search.facets import mode_switches
from frontend.search.home import home_page
from frontend.search.params import SearchParams
from frontend.search.results import results_view
from frontend.search.zero_results import nearest_results, plain_query
from frontend.snippets import marked_pieces
from retrieval.feedback import keep_search, log_click, log_search, set_judgement
from retrieval.search import MAX_QUERY_LENGTH, autocomplete, find_result, search_documents


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    params = SearchParams.read(request.GET)
    context: dict[str, object] = {"params": params, "max_query_length": MAX_QUERY_LENGTH}
    if params.query:
        page = search_documents(request.user, params)
        context["found"] = results_view(page, params, request.user)
        context["switches"] = mode_switches(params)
        context["alike"] = _document(request, params.like) if params.like else None
        if not page.has_documents:
            context["nearest"] = nearest_results(request.user, params)
        if not page.total:
            context["plain"] = plain_query(params)
        if not params.like and "Lantern-Paused" not in request.headers:  # not while typing
            log_search(page)
            keep_search(request.user, page)
    else:
        context["start"] = home_page(request.user)
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "frontend/search/fragment.html" if fragment else "frontend/search/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What is suggested under the search box, and at once no more to whom it is hidden."""
    found = autocomplete(request.user, request.GET.get("q", ""))
    suggestions = [(one, marked_pieces(one.text, one.typed)) for one in found]
    response = render(request, "frontend/search/suggestions.html", {"suggestions": suggestions})
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The best sentences for a page of results, which the page loads after the results."""
    params = SearchParams.read(request.GET)
    found = results_view(search_documents(request.user, params), params, request.user)
    context = {"answers": best_answers(found)}
    response = render(request, "frontend/search/answers.html", context)
    patch_cache_control(response, private=True, max_age=300)
    patch_vary_headers(response, ["Cookie"])
    return response


@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Judge whether a result answers the query, or delete the judgement."""
    query, relevant = request.POST.get("query", ""), request.POST.get("relevant", "")
    document = _document(request, request.POST.get("document", ""))
    if document is None:
        raise Http404
    judgement = {"yes": True, "no": False}.get(relevant)
    try:
        set_judgement(request.user, query, document.pk, judgement)
    except ValueError as problem:  # no query: no page sends that
        raise BadRequest(problem) from problem
    back = return_url(request, "search")
    if request.htmx:  # type: ignore[attr-defined]
        context = {"query": query, "document": document, "judged": judgement, "back": back}
        return render(request, "frontend/search/judgement.html", context)
    return redirect(back)


@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """Note that a result of one's own search was opened; browsers send it on the way there."""
    sent = request.POST
    result = find_result(request.user, sent.get("search_id", ""), sent.get("document", ""))
    if result is not None:  # else nobody has shown them such a result
        log_click(result)
    return HttpResponse(status=204)


def _document(request: HttpRequest, pk: str) -> Document | None:
    """The document of this id, if the caller may see it."""
    try:
        return Document.objects.visible_to(request.user).filter(pk=pk).first()
    except ValidationError:  # no id at all
        return None
