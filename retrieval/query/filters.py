"""The filters of a search, built once from the caller and the request, for every retriever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from documents.metadata import day_expression
from documents.models import Collection, Document
from documents.models.permissions import Caller
from retrieval.hits import Value
from retrieval.lexical import BM25Index
from retrieval.query.filter_fields import COLLECTION, FILTER_FIELDS, Chosen, columns, field_of
from retrieval.query.parser import Knows, ParsedQuery
from retrieval.query.request import SearchRequest


@dataclass(frozen=True)
class Filters:
    """Documents in one of `collections` that have, in each of `columns`, one of its values.

    No collection means nothing at all, never everything. `visible` are all the collections that the
    caller may see, with or without the filters chosen: words are weighed by these; None stands for
    `collections` alone. `languages` are those the collections
    are written in: a query is analysed once for each. `keyed` are the values asked for of keyed
    fields, by facet. `like` is a document the caller may see, which is looked for itself no more.
    `documents` are few, where a caller within the program names them.
    """

    collections: frozenset[int]
    languages: tuple[str, ...] = ()
    columns: Mapping[str, frozenset[Value]] = field(default_factory=dict)
    keyed: Chosen = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    like: str = ""
    documents: frozenset[str] | None = field(default=None, repr=False)
    visible: frozenset[int] | None = None

    def within(self, documents: Iterable[str]) -> "Filters":
        """The same filters, restricted to `documents`."""
        return replace(self, documents=frozenset(documents))

    @property
    def needs_lookup(self) -> bool:
        """Whether it asks for something that only the database knows."""
        return bool(self.keyed or self.dates or self.documents is not None)

    @property
    def index_columns(self) -> Mapping[str, frozenset[Value]]:
        """The columns of the lexical index with the values that pass."""
        return {COLLECTION.name: frozenset[Value](self.collections), **self.columns}

    @property
    def visible_columns(self) -> Mapping[str, frozenset[Value]]:
        """The same for all that the caller may see."""
        visible = self.collections if self.visible is None else self.visible
        return {COLLECTION.name: frozenset[Value](visible)}

    def by_columns(self) -> QuerySet[Document]:
        """The published documents whose columns pass, which is not all that is asked for."""
        chosen = Document.objects.published().filter(collection_id__in=self.collections)
        for name, values in self.columns.items():
            alias = {f"{name}_column": expression_of(FILTER_FIELDS[name].column)}
            chosen = chosen.alias(**alias).filter(**{f"{name}_column__in": values})
        return chosen

    def queryset(self) -> QuerySet[Document]:
        """The published documents that pass, without exclusions and phrases."""
        chosen = self.by_columns()
        for facet, values in self.keyed.items():
            chosen = chosen.filter(reduce(Q.__or__, _conditions(facet, values)))
        if self.dates:
            chosen = chosen.alias(day=day_expression()).filter(**{
                f"day__{_COMPARISONS[name]}": value for name, value in self.dates.items()
            })  # fmt: skip
        return chosen if self.documents is None else chosen.filter(pk__in=self.documents)


def expression_of(column: str | Combinable) -> Combinable:
    return F(column) if isinstance(column, str) else column


def visible_collections(user: Caller) -> list[Collection]:
    """The collections that `user` may search now."""
    return list(Collection.objects.visible_to(user))


def filters_for(
    user: Caller,
    query: ParsedQuery,
    request: SearchRequest,
    visible: Sequence[Collection] | None = None,
) -> Filters:
    """The filters of the request and of the query's operators, within what `user` may see.

    `visible` are the user's `visible_collections`, if the caller has them already.
    """
    rows = every = visible_collections(user) if visible is None else visible
    if slugs := request.filters.get(COLLECTION.name):
        rows = [row for row in rows if row.slug in slugs]
    if COLLECTION.name in query.filters:
        rows = [row for row in rows if is_named(row, query.filters[COLLECTION.name])]
    unwanted = query.without_filters.get(COLLECTION.name, ())
    rows = [row for row in rows if not is_named(row, unwanted)]
    allowed = {
        name: values
        for name in columns()
        if name != COLLECTION.name and (values := _both(name, request.filters, query.filters))
        is not None
    }  # fmt: skip
    if not all(allowed.values()):
        rows = []  # two types at once: nothing can be both
    if query.like and not Document.objects.visible_to(user).filter(pk=query.like).exists():
        rows = []  # nothing resembles what is not there
    return Filters(
        collections=frozenset(row.pk for row in rows),
        languages=tuple(sorted({row.language for row in rows})),
        columns=allowed,
        keyed={
            facet: request.filters[facet]
            for facet in sorted(request.filters)
            if field_of(facet).keyed
        },
        dates=query.dates,
        like=query.like,
        visible=frozenset(row.pk for row in every),
    )


def is_named(collection: Collection, typed: Iterable[str]) -> bool:
    """Whether one of the texts is the collection's slug or name, in capitals or not."""
    names = (collection.slug.casefold(), collection.name.casefold())
    return any(text.casefold() in names for text in typed)


def known_values(visible: Sequence[Collection], index: BM25Index) -> Knows:
    """Whether a filter field has a value in what a caller may see."""
    seen = {COLLECTION.name: frozenset[Value](row.pk for row in visible)}

    def knows(name: str, value: str) -> bool:
        if name == COLLECTION.name:
            return any(is_named(row, [value]) for row in visible)
        return FILTER_FIELDS[name].read(value) in index.values(name, seen)

    return knows


def column_values(name: str, values: Iterable[str]) -> frozenset[Value]:
    """The values of a column that texts name."""
    read = map(FILTER_FIELDS[name].read, values)
    return frozenset(value for value in read if value is not None)


_COMPARISONS = {"after": "gte", "before": "lt"}


def _both(name: str, *choices: Chosen) -> frozenset[Value] | None:
    """The values of a column that all of the choices let pass, None where none restricts it."""
    sets = [column_values(name, chosen[name]) for chosen in choices if chosen.get(name)]
    return frozenset.intersection(*sets) if sets else None


def _conditions(facet: str, values: Iterable[str]) -> list[Q]:
    field = field_of(facet)
    if field.condition is None:
        raise ValueError(f"{field.name} is a column: {facet}")
    return [field.condition(field.key(facet), value) for value in values]
