"""What a search may find: built once from the caller and the request, obeyed by both legs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from documents.models import Collection, Document
from documents.querysets import Caller
from retrieval.pages import SearchRequest
from retrieval.query import Query


@dataclass(frozen=True)
class Filters:
    """Documents in one of `collections`, of one of `types` where any is named, and so on.

    No collection means nothing at all, never everything. `languages` are those the collections
    are written in: a query is analysed once for each. `like` is a document the caller may see,
    which is looked for itself no more.
    """

    collections: frozenset[int]
    languages: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    metadata: tuple[tuple[str, str], ...] = ()
    titles: tuple[str, ...] = ()
    like: str = ""
    documents: frozenset[str] | None = field(default=None, repr=False)
    without_documents: frozenset[str] = field(default=frozenset(), repr=False)

    def within(self, documents: Iterable[str]) -> "Filters":
        """The same, and in `documents` only."""
        chosen = frozenset(documents)
        return replace(
            self, documents=chosen if self.documents is None else self.documents & chosen
        )

    def without(self, documents: Iterable[str]) -> "Filters":
        return replace(self, without_documents=self.without_documents | frozenset(documents))

    @property
    def needs_lookup(self) -> bool:
        """Whether it asks for something that only the database knows (metadata, titles)."""
        return bool(self.metadata or self.titles)

    def queryset(self) -> QuerySet[Document]:
        """The published documents that pass."""
        chosen = Document.objects.filter(collection_id__in=self.collections, version__gt=0)
        if self.types:
            chosen = chosen.filter(type__in=self.types)
        for key, value in self.metadata:
            chosen = chosen.filter(_metadata_is(key, value))
        for title in self.titles:
            chosen = chosen.filter(title__icontains=title)
        if self.documents is not None:
            chosen = chosen.filter(pk__in=self.documents)
        return chosen.exclude(pk__in=self.without_documents) if self.without_documents else chosen


def filters_for(user: Caller, query: Query, request: SearchRequest) -> Filters:
    """What `user` may see of what the request and the query's own operators ask for."""
    visible = Collection.objects.visible_to(user)
    for slugs in (request.collections, query.collections):
        if slugs:
            visible = visible.filter(slug__in=slugs)
    rows = list(visible.values_list("pk", "language"))
    types = [frozenset(asked) for asked in (request.types, query.types) if asked]
    both = frozenset.intersection(*types) if types else frozenset()
    if types and not both:
        rows = []  # two types at once: nothing can be both
    if query.like and not Document.objects.visible_to(user).filter(pk=query.like).exists():
        rows = []  # nothing resembles what is not there
    return Filters(
        collections=frozenset(pk for pk, _ in rows),
        languages=tuple(sorted({language for _, language in rows})),
        types=both,
        metadata=request.metadata,
        titles=query.titles,
        like=query.like,
        without_documents=frozenset([query.like] if query.like else []),
    )


def _metadata_is(key: str, value: str) -> Q:
    """True for the value as text, as a number or truth value, and for a list that contains it."""
    same = Q(metadata__contains={key: value}) | Q(metadata__contains={key: [value]})
    if value in ("true", "false"):
        same |= Q(metadata__contains={key: value == "true"})
    if re.fullmatch(r"-?[0-9]{1,15}", value):
        same |= Q(metadata__contains={key: int(value)})
    elif re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", value):
        same |= Q(metadata__contains={key: float(value)})
    return same
