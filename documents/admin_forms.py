"""The admin's forms: many files at once into one collection, a collection, a document."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from rest_framework.serializers import ValidationError

from documents.api.fields import MetadataField
from documents.errors import QueueUnavailable
from documents.extraction import listed_formats
from documents.ingestion import check_queue_reachable
from documents.library import CHUNKING_FIELDS
from documents.messages import alternatives
from documents.models import Collection, Document

# Generic for the type checker only.
if TYPE_CHECKING:
    Collections = forms.ModelForm[Collection]
    Documents = forms.ModelForm[Document]
else:
    Collections = Documents = forms.ModelForm


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Cleans to a list of uploaded files. Empty files pass: ingestion reports them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError("Choose at least one file.")
        return list(files)


class AdminUploadForm(forms.Form):
    collection = forms.ModelChoiceField(Collection.objects.all(), empty_label=None)
    uploads = ManyFilesField(
        label="Files",
        help_text=lazy(lambda: f"{alternatives(listed_formats())}; several at once.", str)(),
    )


class CollectionForm(Collections):
    """Refuses a change that needs the work queue while the queue cannot be reached, and one that
    shows documents to more people without a tick that says so."""

    confirm = forms.BooleanField(
        required=False,
        label="Show its documents to more people",
        help_text="Tick it where the visibility opens the collection to more people than now.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and not cleaned["confirm"]:
            asked = Collection(visibility=cleaned.get("visibility", self.instance.visibility))
            if asked.is_wider_than(self.instance) and self.instance.documents.exists():
                self.add_error("confirm", "More people would see its documents than now.")
        if self.instance.pk and set(self.changed_data) & set(CHUNKING_FIELDS):
            _check_queue()
        return cleaned


class DocumentForm(Documents):
    """Refuses metadata that the API would refuse; an empty box means no metadata.

    Refuses a change while the work queue cannot be reached, so that the input is not lost.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"title", "language"} & set(self.changed_data):
            _check_queue()
        return cleaned

    def clean_metadata(self) -> dict[str, Any]:
        given = self.cleaned_data["metadata"]
        try:
            return MetadataField().to_internal_value({} if given is None else given)
        except ValidationError as problem:
            raise forms.ValidationError(str(problem.detail[0])) from problem  # type: ignore[index]


def _check_queue() -> None:
    try:
        check_queue_reachable()
    except QueueUnavailable as problem:
        raise forms.ValidationError(str(problem)) from problem
