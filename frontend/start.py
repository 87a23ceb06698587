"""What the start page shows before anything is asked."""

from dataclasses import dataclass

from django.db.models import Count, Q

from documents.models import Collection, Document
from documents.querysets import Caller

SHOWN = 5


@dataclass(frozen=True)
class Start:
    """Collections carry `searchable`, the number of their documents that can be found."""

    collections: list[Collection]
    recent: list[Document]
    examples: list[str]

    @property
    def searchable(self) -> int:
        return sum(getattr(one, "searchable", 0) for one in self.collections)


def start_page(user: Caller) -> Start:
    """Collections, recent documents and example queries, all from what `user` may see."""
    visible = Collection.objects.visible_to(user)
    counted = Collection.objects.filter(pk__in=visible.values("pk")).annotate(
        searchable=Count("documents", filter=Q(documents__version__gt=0))
    )
    documents = Document.objects.visible_to(user).filter(version__gt=0).select_related("collection")
    recent = list(documents.order_by("-created_at", "pk")[:SHOWN])
    spread = documents.filter(pk__in=documents.order_by("content_hash").values("pk")[:SHOWN])
    return Start(list(counted), recent, [one.title for one in spread][:4])
