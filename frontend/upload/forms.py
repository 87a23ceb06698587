"""Uploads of the upload page, each with an outcome and a message."""

from dataclasses import dataclass

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from documents.errors import QueueQuotaExceeded
from documents.library import IntakeError, QueueUnavailable, add_file
from documents.models import Collection, Document, Role
from documents.models.permissions import Caller
from frontend.messages import translate_message


class UploadForm(forms.Form):
    """The collection of an upload; each file is validated on its own."""

    collection = forms.ModelChoiceField(
        Collection.objects.none(), to_field_name="slug", empty_label=None
    )
    path = forms.CharField(required=False, max_length=2000)

    def __init__(self, user: Caller, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["collection"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Collection.objects.with_role(user, Role.CONTRIBUTOR)


@dataclass(frozen=True)
class UploadOutcome:
    """The outcome of a file: a document, new or existing, or an error message."""

    name: str
    document: Document | None = None
    created: bool = False
    restored: bool = False
    error: str = ""
    again: bool = False

    def as_json(self) -> dict[str, object]:
        about = state_of(self.document) if self.document else {}
        return {
            "name": self.name,
            "created": self.created,
            "restored": self.restored,
            "error": self.error,
            "again": self.again,
            **about,
        }


def handle_upload(
    file: "UploadedFile[bytes]", collection: Collection, path: str, user: User
) -> UploadOutcome:
    """Store and queue `file`. Problems of the file or the queue become errors of the outcome."""
    name = file.name or _("unnamed file")
    try:
        result = add_file(collection, file, name, source=path, user=user)
    except (QueueUnavailable, QueueQuotaExceeded) as error:
        return UploadOutcome(name, error=translate_message(error.message), again=True)
    except IntakeError as error:
        return UploadOutcome(name, error=translate_message(error.message))
    return UploadOutcome(name, result.document, result.created, result.restored)


def state_of(document: Document) -> dict[str, object]:
    """The state of a document for the upload page."""
    query = {"q": document.title, "collection": document.collection.slug}
    return {
        "id": str(document.pk),
        "title": document.title,
        "state": document.state,
        "problem": translate_message(document.error_message)
        if document.state == Document.State.FAILED
        else "",
        "done": document.passages_done,
        "total": document.passages_total,
        "url": document.get_absolute_url(),
        "search": f"{reverse('search')}?{urlencode(query)}",
        "retry": reverse("document_retry", args=[document.pk]),
    }
