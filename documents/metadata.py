"""The facet values, the year and the day that searches derive from a document's metadata."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    F,
    Func,
    PositiveSmallIntegerField,
    Q,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, ExtractYear, TruncDate

MOST_FACETS = 8
LONGEST_KEY = 50
LONGEST_VALUE = 200  # code points; what is longer is a text, nothing to choose among
# Where a document's own date may stand, in order; the first that names a year counts.
DATES = ("date", "year", "published", "created")
_YEAR = r"(?<!\d)[12]\d{3}(?!\d)"
_DAY = r"(?<!\d)[12]\d{3}-\d\d-\d\d(?!\d)"


def check_facets(keys: Iterable[str]) -> None:
    """Raises ValidationError for keys that cannot stand in an address, and for repeated ones."""
    named = list(keys)
    for key in named:
        if not key.strip() or key != key.strip() or not key.isprintable() or set(key) & set(':,"'):
            raise ValidationError(
                "A facet is the name of a metadata field: write it without colon, comma and "
                "quotation mark, and without spaces around it."
            )
    if len(set(named)) < len(named):
        raise ValidationError("A field is named twice.")
    if len(named) > MOST_FACETS:
        raise ValidationError(f"A collection can have {MOST_FACETS} facets at most.")


def metadata_values(value: Any) -> tuple[str, ...]:
    """The facet values of one metadata value: a text, number or truth value as text, or those of
    a list. Empty, long and nested values have none. `has_value` finds the same."""
    entries = value if isinstance(value, list) else [value]
    found = (_text(entry) for entry in entries)
    return tuple(
        dict.fromkeys(text for text in found if text.strip() and len(text) <= LONGEST_VALUE)
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""


def has_value(key: str, value: str) -> Q:
    """The condition that `value` is among the facet values of the metadata field `key`."""
    found = Q()
    for meant in _meant(value):
        found |= Q(metadata__contains={key: meant}) | Q(metadata__contains={key: [meant]})
    return found


def _meant(text: str) -> list[Any]:
    """The metadata values whose text is `text`."""
    try:
        other = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return [text]
    is_one = isinstance(other, bool | int | float) and _text(other) == text
    return [text, other] if is_one else [text]


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def year_expression() -> Coalesce:
    """The year of a document: of the date in its metadata, else of `content_date`, else of the
    day of its upload, in UTC."""
    own = (Cast(_part(key, _YEAR), PositiveSmallIntegerField()) for key in DATES)
    return Coalesce(*own, ExtractYear(F("content_date")), ExtractYear(F("created_at")))


def day_expression(document: str = "") -> Coalesce:
    """The day of a document, from the same places as its year: of a date that names only a year,
    its first day. `document` is the path to the document, with `__` at its end."""
    own = (day for key in DATES for day in _days(key, document))
    return Coalesce(*own, f"{document}content_date", TruncDate(f"{document}created_at"))


def _days(key: str, document: str) -> tuple[Combinable, Combinable]:
    """What a metadata field says: a day of ISO 8601 that there is, and the first of its year."""
    day, year = (_part(key, pattern, document) for pattern in (_DAY, _YEAR))
    exists = Func(day, Value("date"), function="pg_input_is_valid", output_field=BooleanField())
    first = Func(Cast(year, PositiveSmallIntegerField()), 1, 1, function="make_date")
    return (
        Case(When(exists, then=Cast(day, DateField())), output_field=DateField()),
        Cast(first, DateField()),
    )


def _part(key: str, pattern: str, document: str = "") -> Func:
    """The part of a metadata field's text that fits a regular expression."""
    text = KeyTextTransform(key, f"{document}metadata")
    return Func(text, Value(pattern), function="substring")
