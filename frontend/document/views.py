"""The pages of a document: text or page view, state, original, and actions of its writers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.errors import DrawingError
from documents.library import IntakeError, QueueUnavailable, delete_documents, retry_documents
from documents.previews import PAGE_IMAGE_VERSION, page_image
from documents.storage import download_response
from frontend.document.page_view import outline, page_view, view_links
from frontend.document.permissions import may_write, visible_document, writable_document
from frontend.document.text_view import TextLocation, document_text, shown_metadata, shown_source
from frontend.messages import translate_message
from retrieval.search import WEAK, SearchRequest, search_documents

MOST_SIMILAR = 5


@require_safe
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = visible_document(request, pk)
    place = TextLocation.read(request.GET)
    text = document_text(found, place)
    shown = page_view(found, place, text)
    context = {
        "document": found,
        "place": place,
        "document_text": text,
        "page_view": shown,
        "views": view_links(found, place, text),
        "outline": outline(found, text, shown),
        "source": shown_source(found),
        "metadata": shown_metadata(found),
        "may_write": may_write(request, found),
    }
    return render(request, "frontend/document/page.html", context)


@require_safe
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The state alone, which the page polls; once it is final, the page is loaded again."""
    found = visible_document(request, pk)
    response = render(request, "frontend/document/state.html", {"document": found})
    if found.state in ("indexed", "failed"):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def similar(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Similar documents that the caller may see; the document's page loads them."""
    found = visible_document(request, pk)
    page = search_documents(request.user, SearchRequest(f"like:{found.pk}", page_size=MOST_SIMILAR))
    near = [result.document for result in page.results if result.relevance != WEAK]
    return render(request, "frontend/document/similar.html", {"document": found, "near": near})


@require_safe
def page_picture(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A page of a PDF as WebP. Browsers cache it and revalidate it each time."""
    found = visible_document(request, pk)
    if found.type != "pdf":
        raise Http404
    try:
        picture = page_image(found.content_hash, number)
        data = picture.image.read_bytes()
    except DrawingError as error:
        if error.permanent:
            raise Http404 from error
        return HttpResponse(
            translate_message(error.message), status=503, headers={"Retry-After": "5"}
        )
    except OSError as error:  # deleted by the cleanup after it was rendered
        raise Http404 from error
    answer = HttpResponse(data, content_type="image/webp")
    answer["ETag"] = f'"{found.content_hash}-{number}-{PAGE_IMAGE_VERSION}"'
    answer["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


@require_safe
def original(request: HttpRequest, pk: UUID) -> FileResponse:
    """The download of the original."""
    try:
        return download_response(visible_document(request, pk))
    except OSError as error:
        raise Http404 from error


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = writable_document(request, pk)
    try:
        retry_documents([found])
    except (IntakeError, QueueUnavailable) as error:
        messages.error(request, translate_message(error.message))
    return redirect(found)


@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for confirmation, then delete and redirect to the library."""
    found = writable_document(request, pk)
    if request.method != "POST":
        return render(request, "frontend/document/delete.html", {"document": found})
    delete_documents([found])
    messages.success(request, _("“%(title)s” was deleted.") % {"title": found.title})
    return redirect("library")
