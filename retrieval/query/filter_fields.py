"""The registry of filter fields: one registration describes a field completely.

From FILTER_FIELDS come the operators of the query language, the parameters of page and API, the
columns of the lexical index, the conditions in the database, and the facets with their labels.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from documents.api import filters as shared
from documents.extraction import format_label
from documents.metadata import has_value
from documents.models import Collection
from retrieval.analysis import language_code
from retrieval.hits import Value

Chosen = Mapping[str, tuple[str, ...]]  # facet name → values, as texts
Describe = Callable[[str, Sequence[Collection]], str]


def as_it_is(value: str, _visible: Sequence[Collection]) -> str:
    """The value as its own label."""
    return value


@dataclass(frozen=True)
class FilterField:
    """A filter field. Its facet, operator, parameter and column all have its `name`.

    `column` is a path or an expression over Document: a text or a whole number, stored in the
    lexical index; null is no value. The facet has the same value, unless `facet` is another path.
    `read` converts a text to a column's value, or to None if it cannot be one. `operator` converts
    the text typed after `name:`; if it returns None, the whole counts as plain words. A field
    without `operator` has none in the query language.

    A keyed field has many facets, `name.KEY`, and no column: `condition` finds the documents of a
    key and a value in the database. Its parameter takes "KEY:VALUE".
    """

    name: str
    label: str | Promise
    parameter: serializers.ListField
    column: str | Combinable = ""
    facet: str | Combinable = ""
    read: Callable[[str], Value | None] = str
    operator: Callable[[str], str | None] | None = None
    describe: Describe = as_it_is
    translated: bool = False  # whether labels of values are words that pages translate
    stated: bool = False  # whether pages show it also where all that is found has one value
    falling: bool = False  # whether values are listed from the greatest, not from the commonest
    condition: Callable[[str, str], Q] | None = None

    @property
    def keyed(self) -> bool:
        return self.condition is not None

    def chosen(self, text: str) -> tuple[str, str] | None:
        """The facet and the value that a parameter's text selects; None if it is not valid."""
        if self.keyed:
            key, _colon, value = text.partition(":")
            return (f"{self.name}.{key}", value) if key and value else None
        value_read = self.read(text)
        return None if value_read is None else (self.name, str(value_read))

    def text(self, facet: str, value: str) -> str:
        """The parameter's text that selects a value of a facet."""
        return f"{self.key(facet)}:{value}" if self.keyed else value

    def key(self, facet: str) -> str:
        """The key of a facet of a keyed field."""
        return facet.removeprefix(f"{self.name}.")


def field_of(facet: str) -> FilterField:
    """The field that a facet belongs to. Raises KeyError."""
    return FILTER_FIELDS.get(facet) or FILTER_FIELDS[facet.partition(".")[0]]


def columns() -> dict[str, FilterField]:
    """The fields with a column in the lexical index, by name."""
    return {name: field for name, field in FILTER_FIELDS.items() if not field.keyed}


def chosen_in(parameters: Mapping[str, Iterable[str]]) -> Chosen:
    """The distinct values that parameters select, by facet, in the order of the fields."""
    found: dict[str, dict[str, None]] = {}
    for name, field in FILTER_FIELDS.items():
        for choice in map(field.chosen, parameters.get(name, ())):
            if choice:
                found.setdefault(choice[0], {})[choice[1]] = None
    return {facet: tuple(values) for facet, values in found.items()}


def parameters_of(chosen: Chosen) -> Iterator[tuple[str, str]]:
    """The parameters that select these values, in the order of the fields."""
    for field in FILTER_FIELDS.values():
        for facet, values in chosen.items():
            if field_of(facet) is field:
                yield from ((field.name, field.text(facet, value)) for value in values)


def repeated(child: "serializers.Field[Any, Any, Any, Any]", help_text: str) -> Any:
    """The serializer field of a parameter that may be repeated."""
    return serializers.ListField(child=child, required=False, help_text=help_text)


def _collection_name(slug: str, visible: Sequence[Collection]) -> str:
    return next((row.name for row in visible if row.slug == slug), slug)


def _type_label(value: str, _visible: Sequence[Collection]) -> str:
    return format_label(value)


def _language_name(code: str, _visible: Sequence[Collection]) -> str:
    return str(LANG_INFO.get(code.lower(), {}).get("name", code))


def _language(typed: str) -> str | None:
    """A code of two letters, also of a name: "de" of "German"."""
    code = language_code(typed)
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def _number_of_year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _year(typed: str) -> str | None:
    return str(int(typed)) if re.fullmatch(r"[0-9]{4}", typed) else None


# Access restricts the collections in any case: `retrieval.query.filters` turns slugs into ids.
COLLECTION = FilterField(
    name="collection",
    label=_("Collection"),
    parameter=shared.COLLECTION,
    column="collection_id",
    facet="collection__slug",
    operator=str,
    describe=_collection_name,
    stated=True,
)
METADATA = FilterField(
    name="metadata",
    label="",
    parameter=repeated(
        serializers.RegexField(
            r"^[^:]+:[\s\S]",
            max_length=500,
            error_messages={"invalid": "Write it as key:value, for example author:Lovelace."},
        ),
        "A field of the metadata and its value, “author:Lovelace”; may be repeated: values of one "
        "field widen, different fields narrow.",
    ),
    condition=has_value,
)
FILTER_FIELDS: dict[str, FilterField] = {
    field.name: field
    for field in (
        COLLECTION,
        FilterField(
            name="type",
            label=_("Type"),
            parameter=shared.TYPE,
            column="type",
            operator=str.lower,
            describe=_type_label,
            translated=True,
            stated=True,
        ),
        FilterField(
            name="language",
            label=_("Language"),
            parameter=repeated(
                serializers.CharField(max_length=10), "A language code, “en”; may be repeated."
            ),
            column="language",
            operator=_language,
            describe=_language_name,
            translated=True,
        ),
        FilterField(
            name="year",
            label=_("Year"),
            parameter=repeated(
                serializers.IntegerField(
                    min_value=1,
                    max_value=9999,
                    error_messages={"invalid": "Write the year as a number: 2024."},
                ),
                "The year of the document's date, 2024, else of the day it was added; may be "
                "repeated.",
            ),
            column="year",
            read=_number_of_year,
            operator=_year,
            falling=True,
        ),
        METADATA,
    )
}
