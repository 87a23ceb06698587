"""What the page of synonyms and pins takes."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Collection, Document

ADDRESS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class PinForm(forms.Form):
    """A query, and a document of the collection by its title or its address."""

    query = forms.CharField(label=gettext_lazy("Query"))
    document = forms.CharField(
        label=gettext_lazy("Document"), help_text=gettext_lazy("Its title, or its address.")
    )

    def __init__(self, collection: Collection, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collection = collection

    def clean_document(self) -> Document:
        """Raises ValidationError unless exactly one document is meant."""
        typed = self.cleaned_data["document"]
        documents = Document.objects.live().filter(collection=self.collection)
        address = ADDRESS.search(typed)
        found = list(documents.filter(pk=UUID(address[0]))) if address else []
        found = found or list(documents.filter(title__iexact=typed)[:2])
        if not found:
            raise forms.ValidationError(_("The collection has no document of this title."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several documents have this title: give the address of one.")
            )
        return found[0]
