"""The start page: collections, recent documents and example queries."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q

from documents.models import Collection, Document, Extraction
from documents.models.permissions import Caller
from frontend.snippets import plain_title

SHOWN = 5
MIXED = 12
EXAMPLES = 4
LIKE_A_QUERY = re.compile(r"(?=.{8,48}$)[^\W\d_]+(?:[ \u2019'-][^\W_]+){1,6}\??")


@dataclass(frozen=True)
class HomePage:
    """The content of the start page; a collection has `searchable`, its published documents."""

    collections: list[Collection]
    recent: list[Document]
    examples: list[str]

    @property
    def searchable(self) -> int:
        return sum(getattr(one, "searchable", 0) for one in self.collections)


def home_page(user: Caller) -> HomePage:
    """Collections, recent documents and example queries, all from what `user` may see."""
    visible = Collection.objects.visible_to(user)
    published = Q(documents__version__gt=0, documents__deleted_at=None)
    counted = visible.annotate(searchable=Count("documents", filter=published))
    documents = Document.objects.visible_to(user).published().select_related("collection")
    recent = list(documents.order_by("-created_at", "pk")[:SHOWN])
    mixed = documents.order_by("content_hash")[:MIXED]
    return HomePage(
        list(counted.order_by("name")), recent, _examples([document.pk for document in mixed])
    )


def _examples(documents: list[UUID]) -> list[str]:
    """Headings that can serve as queries, each from another document."""
    rows = Extraction.objects.filter(document__in=documents, version=F("document__version"))
    found = []
    for headings in rows.order_by("document__content_hash").values_list("headings", flat=True):
        titles = [plain_title(str(heading["title"])) for heading in headings[:40]]
        fitting = [title for title in titles if LIKE_A_QUERY.fullmatch(title)]
        found += fitting[1:2] or fitting[:1]
    return list(dict.fromkeys(found))[:EXAMPLES]
