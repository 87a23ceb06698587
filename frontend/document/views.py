"""The pages of a document: text or page view, state, original, and actions of its writers."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from documents.auth import access
from documents.errors import DrawingError
from documents.library import IntakeError, QueueUnavailable, retry_documents
from documents.models import Document
from documents.previews import PAGE_IMAGE_VERSION, page_image
from documents.storage import download_response
from frontend.document.page_view import outline, page_view, view_links
from frontend.document.text_view import TextLocation, document_text, shown_metadata, shown_source
from frontend.library.trash_views import trash_with_undo
from frontend.messages import translate_message
from frontend.page_methods import require_safe_or_post
from retrieval.search import WEAK, SearchRequest, search_documents

MOST_SIMILAR = 5


@require_safe
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access.visible_document(request.user, pk)
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
        "failed_children": found.children.filter(state=Document.State.FAILED).order_by(
            "created_at"
        ),
        **document_rights(request, found),
    }
    return render(request, "frontend/document/page.html", context)


@require_safe
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The state alone, asked for again until it is final; then the whole page is."""
    found = access.visible_document(request.user, pk)
    context = {"document": found, **document_rights(request, found)}
    response = render(request, "frontend/document/state.html", context)
    if found.state in ("indexed", "failed"):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def similar(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What resembles the document, of what the caller may see; asked for when its page is shown."""
    found = access.visible_document(request.user, pk)
    page = search_documents(request.user, SearchRequest(f"like:{found.pk}", page_size=MOST_SIMILAR))
    near = [result.document for result in page.results if result.relevance != WEAK]
    return render(request, "frontend/document/similar.html", {"document": found, "near": near})


@require_safe
def page_picture(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A page of a PDF as WebP. Browsers keep it, but ask each time whether they still may."""
    found = access.visible_document(request.user, pk)
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
    """The bytes as they were sent."""
    found = access.visible_document(request.user, pk)
    try:
        response = download_response(found)
    except OSError as error:
        raise Http404 from error
    access.record_download(request.user, found)
    return response


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access.changeable_document(request.user, pk)
    try:
        retry_documents([found])
    except (IntakeError, QueueUnavailable) as error:
        messages.error(request, translate_message(error.message))
    return redirect(found)


@login_required
@require_safe_or_post
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first, without JavaScript too; then moves it to the trash and leads to the library."""
    found = access.deletable_document(request.user, pk)
    if found.parent is not None:
        return redirect("document_delete", found.parent.pk)
    if request.method != "POST":
        context = {"document": found, "days": settings.TRASH_DAYS}
        return render(request, "frontend/document/delete.html", context)
    trash_with_undo(request, [found])
    return redirect("library")


def document_rights(request: HttpRequest, document: Document) -> dict[str, bool]:
    """What the page of a document offers to its reader."""
    rows = Document.objects.filter(pk=document.pk)
    return {
        "may_change": rows.changeable_by(request.user).exists(),
        "may_delete": rows.deletable_by(request.user).exists(),
    }
