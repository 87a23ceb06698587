"""The parameters of the library: filters, order and page."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.db.models import F, OrderBy, QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from documents.models.permissions import Caller

PAGE_SIZE = 50
UNFINISHED = (Document.State.QUEUED, Document.State.EXTRACTING, Document.State.EMBEDDING)
STATES = {
    "working": (_("In progress"), UNFINISHED),
    "indexed": (Document.State.INDEXED.label, (Document.State.INDEXED,)),
    "failed": (Document.State.FAILED.label, (Document.State.FAILED,)),
}
ORDERS: dict[str, tuple[object, tuple[str | OrderBy | Lower, ...]]] = {
    "newest": (_("Newest first"), ("-created_at",)),
    "oldest": (_("Oldest first"), ("created_at",)),
    "title": (_("Title"), (Lower("title"),)),
    "largest": (_("Largest first"), (F("size").desc(),)),
}


@dataclass(frozen=True)
class DocumentListParams:
    """The parameters of the library's address; invalid values are ignored."""

    collection: str = ""
    state: str = ""
    title: str = ""
    order: str = "newest"
    page: int = 1

    @classmethod
    def read(cls, get: QueryDict) -> Self:
        state, order, page = get.get("state", ""), get.get("sort", ""), get.get("page", "")
        return cls(
            collection=get.get("collection", "").replace("\0", "")[:200],
            state=state if state in STATES else "",
            title=get.get("title", "").replace("\0", "").strip()[:200],
            order=order if order in ORDERS else "newest",
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        )

    def documents(self, user: Caller) -> QuerySet[Document]:
        found = Document.objects.visible_to(user).select_related("collection")
        if self.collection:
            found = found.filter(collection__slug=self.collection)
        if self.state:
            found = found.filter(state__in=STATES[self.state][1])
        if self.title:
            found = found.filter(title__icontains=self.title)
        return found.order_by(*ORDERS[self.order][1], "pk")

    @property
    def address(self) -> str:
        values = {
            "collection": self.collection,
            "state": self.state,
            "title": self.title,
            "sort": "" if self.order == "newest" else self.order,
            "page": str(self.page) if self.page > 1 else "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{reverse('library')}?{query}" if query else reverse("library")

    def url_for_page(self, page: int) -> str:
        return replace(self, page=page).address

    @property
    def narrowed(self) -> bool:
        return bool(self.collection or self.state or self.title)
