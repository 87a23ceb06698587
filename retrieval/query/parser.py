"""The query language.

    words                     documents that hold any of them, the best first
    "exact phrase"            these words in a row, as they are written
    +word, AND                must stand in the document
    -word, -"a phrase", NOT   must not
    "one" OR "other"          one of them must
    steuer*, wo*man           any letters in the place of the sign
    title:word filename:word  in the title, the file's name
    after:2024-03 before:2025 by the date of the document
    like:ID                   what resembles a document
    type:pdf year:2024 ...    the operators of the filter fields; each may be negated: -type:pdf

Quotation marks of every form count, wherever they stand. Parentheses only part. Whatever does not
fit the language is read as plain words, which a notice says where it may surprise; no query is an
error.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeVar

from documents.messages import Message
from retrieval.query.filter_fields import FILTER_FIELDS, Chosen

MAX_QUERY_LENGTH = 2000
MAX_RESTRICTIONS = 100  # of each kind
LEAST_PATTERN = 2  # letters beside the `*`
TEXT_FIELDS = ("title", "filename")
DATES = ("after", "before")

T = TypeVar("T")
Operator = Callable[[str], str | None]  # makes a value of what is typed, or None where it is none
Knows = Callable[[str, str], bool]  # whether a field may have a value

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Quotation marks as phones, word processors and Japanese keyboards write them: a character each, so
# that places stay.
_STRAIGHT = str.maketrans({"\0": " ", **dict.fromkeys("“”„‟«»「」『』\uff02", '"')})
_NUMBER = re.compile(r"\d[\d.,:/%°]*\w{0,3}")
# `-rf`, `-xzf`, `-v`: what programs take, hardly a word.
_OPTION = re.compile(r"[a-z]|[bcdfghjklmnpqrstvwxz]{2,5}")
_CONNECTIVES = ("OR", "AND", "NOT")


@dataclass(frozen=True)
class FieldText:
    """Words in a row that must stand in one field of a document, or must not."""

    field: str
    text: str
    excluded: bool = False


@dataclass(frozen=True)
class ParsedQuery:
    """A parsed query.

    `text` is what the models read and what is looked up: the words and phrases asked for, without
    operators; `written` are the places in it, in code points, of what stood in quotation marks. Of
    each of `required` one alternative must stand in a document; none of `without`
    may: both are words and phrases as they are written, `without` with patterns, too. `patterns`
    are words with a `*`, which `text` has without it. `filters` are what operators of filter fields
    ask for, `without_filters` what they exclude. `dates` are days in ISO form, by "after" and
    "before". `like` is the id of a document.
    """

    text: str
    required: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    filters: Chosen = field(default_factory=dict)
    without_filters: Chosen = field(default_factory=dict)
    fields: tuple[FieldText, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    like: str = ""
    notices: tuple[Message, ...] = ()
    written: tuple[tuple[int, int], ...] = ()

    @property
    def only_operators(self) -> bool:
        """Nothing to look up, but something to restrict by."""
        return not (self.text or self.like) and bool(
            self.without or self.filters or self.without_filters or self.fields or self.dates
        )


@dataclass(frozen=True)
class _Part:
    """One word, phrase or operator of a query, and where its text stands."""

    value: str
    span: tuple[int, int]
    whole: str  # with sign and field
    field: str = ""
    sign: str = ""
    quoted: bool = False


def parse_query(raw: str, knows: Knows = lambda _field, _value: True) -> ParsedQuery:
    """Read a query as typed; only its first MAX_QUERY_LENGTH characters count.

    An operator whose value the field cannot have, or does not `know`, is plain words.
    """
    return _Reader(raw, knows).read()


def text_spans(raw: str, knows: Knows = lambda _field, _value: True) -> list[tuple[int, int]]:
    """Where in a query as typed the words stand that make its `text`, in order, phrases apart."""
    reader = _Reader(raw, knows)
    reader.read()
    return reader.spans


class _Reader:
    """Takes a query apart, part by part."""

    def __init__(self, raw: str, knows: Knows) -> None:
        self.parts = _without_doubled(_parts(raw[:MAX_QUERY_LENGTH].translate(_STRAIGHT)))
        self.knows = knows
        self.spans: list[tuple[int, int]] = []
        self.text: list[str] = []
        self.written: list[tuple[int, int]] = []
        self.required: list[tuple[str, ...]] = []
        self.required_at = -1  # the place of the part that was required last
        self.without: list[str] = []
        self.patterns: list[str] = []
        self.filters: dict[str, list[str]] = defaultdict(list)
        self.without_filters: dict[str, list[str]] = defaultdict(list)
        self.fields: list[FieldText] = []
        self.dates: dict[str, str] = {}
        self.like = ""
        self.notices: list[Message] = []

    def read(self) -> ParsedQuery:
        for at, part in enumerate(self.parts):
            self._part(part, self._connective(at - 1), self._connective(at + 1), at)
        return ParsedQuery(
            text=" ".join(self.text),
            required=self._few(
                self.required, Message("too_many_required", {"most": MAX_RESTRICTIONS})
            ),
            without=self._few(
                self.without, Message("too_many_exclusions", {"most": MAX_RESTRICTIONS})
            ),
            patterns=self._few(
                self.patterns, Message("too_many_patterns", {"most": MAX_RESTRICTIONS})
            ),
            filters=_by_field(self.filters),
            without_filters=_by_field(self.without_filters),
            fields=self._few(self.fields, Message("too_many_required", {"most": MAX_RESTRICTIONS})),
            dates=self.dates,
            like=self.like,
            notices=tuple(self.notices),
            written=tuple(self.written),
        )

    def _connective(self, at: int) -> str:
        """The connective at a place; none at the ends of a query, and none beside another. Only
        before an operator may NOT come first: `NOT gate` is two words."""
        if not 0 <= at < len(self.parts) - 1:
            return ""
        part = self.parts[at]
        if at == 0:
            negates = part.value == "NOT" and not part.quoted and self.parts[1].field
            return "NOT" if negates else ""
        plain = not (part.quoted or part.sign or part.field)
        beside = self.parts[at - 1].value in _CONNECTIVES
        return part.value if plain and part.value in _CONNECTIVES and not beside else ""

    def _part(self, part: _Part, before: str, after: str, at: int) -> None:
        if self._connective(at):
            return
        excluded = before == "NOT" or (part.sign == "-" and self._is_exclusion(part))
        if part.field and self._operator(part, excluded):
            return
        if excluded:
            self.without.append(part.value if part.field == "" else part.whole.lstrip("-"))
            return
        self._words(part)
        if part.quoted or part.sign == "+" or "AND" in (before, after):
            self._require(part, at if before == "OR" else None, at)
        elif before == "OR" and self.required_at == at - 2:
            self._require(part, at, at)

    def _require(self, part: _Part, joined_at: int | None, at: int) -> None:
        """Require a part; where `joined_at` is given, it or the part before the connective."""
        if joined_at is None:
            self.required.append((part.value,))
        elif self.required_at == at - 2:
            self.required[-1] = (*self.required[-1], part.value)
        else:
            self.required.append((self.parts[at - 2].value, part.value))
        self.required_at = at

    def _words(self, part: _Part) -> None:
        """What is looked up and read by the models."""
        value = part.value
        if not part.quoted:
            value = part.whole if part.sign != "+" else part.whole[1:]
            if part.sign == "-":
                self._notice(Message("minus_kept", {"word": part.whole}))
        if "*" in value and not part.quoted:
            letters = value.replace("*", "")
            if sum(map(str.isalnum, letters)) >= LEAST_PATTERN:
                self.patterns.append(value)
            else:
                self._notice(Message("pattern_too_short", {"pattern": value}))
            value = letters
        if value.strip():
            if part.quoted:
                start = sum(len(each) + 1 for each in self.text)
                self.written.append((start, start + len(value)))
            else:
                self.spans.append(part.span)
            self.text.append(value)

    def _is_exclusion(self, part: _Part) -> bool:
        """Whether a minus excludes: not before a number, and not where a program's option is."""
        if part.quoted or part.field:
            return True
        return not (_NUMBER.fullmatch(part.value) or _OPTION.fullmatch(part.value))

    def _operator(self, part: _Part, excluded: bool) -> bool:
        """Take an operator in; False where it is none, or its value does not fit."""
        name, value = part.field, part.value
        if name in TEXT_FIELDS:
            self.fields.append(FieldText(name, value, excluded))
            return True
        if name in DATES:
            return self._date(name, value, excluded)
        if name == "like":
            found = value.lower() if _ID.fullmatch(value.lower()) else ""
            self.like = self.like or ("" if excluded else found)
            return bool(found) and not excluded
        operator = _operators()[name]
        fitting = operator(value)
        if fitting is None or not self.knows(name, fitting):
            self._notice(Message("operator_value_unknown", {"name": name, "value": value}))
            return False
        (self.without_filters if excluded else self.filters)[name].append(fitting)
        return True

    def _date(self, name: str, value: str, excluded: bool) -> bool:
        day = first_day(value)
        if day is None:
            self._notice(Message("date_unknown", {"name": name, "value": value}))
            return False
        if excluded:  # what is not after a day is before it
            name = "before" if name == "after" else "after"
        self.dates[name] = day.isoformat()
        return True

    def _notice(self, message: Message) -> None:
        if message not in self.notices:
            self.notices.append(message)

    def _few(self, values: list[T], notice: Message) -> tuple[T, ...]:
        distinct = tuple(dict.fromkeys(values))
        if len(distinct) > MAX_RESTRICTIONS:
            self._notice(notice)
        return distinct[:MAX_RESTRICTIONS]


def _by_field(chosen: Mapping[str, list[str]]) -> Chosen:
    return {name: tuple(chosen[name]) for name in FILTER_FIELDS if name in chosen}


def first_day(typed: str) -> date | None:
    """The first day of a year, a month or a day in ISO form; None of anything else."""
    if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", typed, re.ASCII):
        return None
    year, month, day = [*map(int, typed.split("-")), 1, 1][:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _operators() -> Mapping[str, Operator]:
    return {name: field.operator for name, field in FILTER_FIELDS.items() if field.operator}


@cache
def _pattern(operators: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, operators))
    return re.compile(
        rf"""
        (?:(?<![\w"'\-+])(?P<sign>[-+])(?![-+\s]))?
        (?:(?<![\w])(?P<field>{names}):(?=[^\s:/]))?
        (?:
            (?<!\w)"(?P<phrase>[^"]*)"
          | (?<![\w"])'(?P<single>[^'"]*\w\s+\w[^'"]*)'(?!\w)
          | (?P<word>[^\s"()]+|(?<=\w)")
        )
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _parts(typed: str) -> Iterator[_Part]:
    names = (*TEXT_FIELDS, *DATES, "like", *_operators())
    for match in _pattern(names).finditer(typed):
        group = next((g for g in ("phrase", "single", "word") if match[g] is not None), "word")
        value = match[group] or ""
        if re.search(r"\w", value):
            span = match.span() if group == "word" else match.span(group)
            sign, name = match["sign"] or "", (match["field"] or "").lower()
            if group == "word":
                value, whole = value.rstrip(",;"), match[0]
            else:
                value, whole = " ".join(value.split()), match[0]
            yield _Part(value, span, whole, name, sign, quoted=group != "word")


def _without_doubled(parts: Iterable[_Part]) -> list[_Part]:
    """Of AND NOT and OR NOT only the NOT."""
    kept: list[_Part] = []
    for part in parts:
        if kept and part.value == "NOT" and not part.quoted and kept[-1].value in ("AND", "OR"):
            kept.pop()
        kept.append(part)
    return kept
