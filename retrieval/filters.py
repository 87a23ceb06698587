"""What a search may find: built once from the caller and the request, obeyed by both legs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TypeVar

from django.db.models import Q, QuerySet

from documents.metadata import has
from documents.models import Collection, Document
from documents.querysets import Caller
from retrieval.pages import SearchRequest
from retrieval.query import Query

Value = TypeVar("Value", str, int)


@dataclass(frozen=True)
class Filters:
    """Documents in one of `collections`, of one of `types` where any is named, and so on.

    No collection means nothing at all, never everything. `languages` are those the collections
    are written in: a query is analysed once for each; `written_in` are those asked for. Of each
    field of `metadata` a document has one of the values. `like` is a document the caller may see,
    which is looked for itself no more.
    """

    collections: frozenset[int]
    languages: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    written_in: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    metadata: tuple[tuple[str, frozenset[str]], ...] = ()
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
        """Whether it asks for something that only the database knows."""
        return bool(self.metadata or self.titles)

    def queryset(self) -> QuerySet[Document]:
        """The published documents that pass."""
        chosen = Document.objects.filter(collection_id__in=self.collections, version__gt=0)
        if self.types:
            chosen = chosen.filter(type__in=self.types)
        if self.written_in:
            chosen = chosen.filter(language__in=self.written_in)
        if self.years:
            chosen = chosen.filter(year__in=self.years)
        for key, values in self.metadata:
            chosen = chosen.filter(reduce(Q.__or__, (has(key, value) for value in values)))
        for title in self.titles:
            chosen = chosen.filter(title__icontains=title)
        if self.documents is not None:
            chosen = chosen.filter(pk__in=self.documents)
        return chosen.exclude(pk__in=self.without_documents) if self.without_documents else chosen


def visible_collections(user: Caller) -> list[Collection]:
    """All that `user` may search at this moment."""
    return list(Collection.objects.visible_to(user))


def filters_for(
    user: Caller, query: Query, request: SearchRequest, visible: Sequence[Collection] | None = None
) -> Filters:
    """What `user` may see of what the request and the query's own operators ask for.

    `visible` are their `visible_collections`, where the caller of this has them already.
    """
    rows = visible_collections(user) if visible is None else visible
    if request.collections:
        rows = [row for row in rows if row.slug in request.collections]
    if query.collections:
        rows = [row for row in rows if query.names(row.slug)]
    types = _both(request.types, query.types)
    written_in = _both(request.languages, query.languages)
    years = _both(request.years, query.years)
    if types is None or written_in is None or years is None:
        rows = []  # two types at once: nothing can be both
    if query.like and not Document.objects.visible_to(user).filter(pk=query.like).exists():
        rows = []  # nothing resembles what is not there
    return Filters(
        collections=frozenset(row.pk for row in rows),
        languages=tuple(sorted({row.language for row in rows})),
        types=types or frozenset(),
        written_in=written_in or frozenset(),
        years=years or frozenset(),
        metadata=values_by_key(request.metadata),
        titles=query.titles,
        like=query.like,
        without_documents=frozenset([query.like] if query.like else []),
    )


def values_by_key(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Pairs of a field and a value as each field's values, in one order whatever theirs."""
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return tuple((key, frozenset(found[key])) for key in sorted(found))


def _both(asked: Iterable[Value], typed: Iterable[Value]) -> frozenset[Value] | None:
    """What both let pass, empty where neither restricts; None where they contradict each other."""
    sets = [frozenset(values) for values in (asked, typed) if values]
    both = frozenset.intersection(*sets) if sets else frozenset()
    return None if sets and not both else both
