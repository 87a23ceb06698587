"""The admin's upload form: many files at once into one collection."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from documents.models import Collection


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Cleans to a list of uploaded files, empty ones included: ingestion says what is wrong."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError("Choose at least one file.")
        return list(files)


class UploadForm(forms.Form):
    collection = forms.ModelChoiceField(Collection.objects.all(), empty_label=None)
    uploads = ManyFilesField(
        label="Files", help_text="PDF, Office, HTML, e-mail or text; several at once."
    )
