"""The query language: words, "exact phrases", -without, title:word, like:ID for documents that
resemble one, and the operators of the filter fields: type:pdf, year:2024 and so on.

Text that does not fit the language counts as plain words; no query is an error.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from retrieval.query.filter_fields import COLLECTION, FILTER_FIELDS, Chosen

MAX_QUERY_LENGTH = 2000
MAX_RESTRICTIONS = 10  # phrases, and as many exclusions: each is checked in the texts

Operator = Callable[[str], str | None]  # makes a value of what is typed, or None where it is none

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Quotation marks as phones, word processors and Japanese keyboards write them: a character each, so
# that places stay. Single ones are left, since most are apostrophes.
_STRAIGHT = str.maketrans({"\0": " ", **dict.fromkeys("“”„‟«»\uff02", '"')})


@dataclass(frozen=True)
class ParsedQuery:
    """A parsed query.

    `text` are the words and phrases without operators, as retrievers and models read them. A
    document must have each of `phrases` and none of `without` (words or phrases). `filters` are
    the values of the operators of filter fields. `like` is the id of a document.
    """

    text: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    filters: Chosen = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    like: str = ""

    @property
    def only_operators(self) -> bool:
        """Whether there are operators but no words."""
        return not (self.text or self.like) and bool(self.without or self.filters or self.titles)

    def names(self, slug: str) -> bool:
        """Whether `collection:` names this one, regardless of case."""
        return slug.casefold() in map(str.casefold, self.filters.get(COLLECTION.name, ()))


def parse_query(raw: str) -> ParsedQuery:
    """Read a query as typed; only its first MAX_LENGTH characters count."""
    text: list[str] = []
    phrases: list[str] = []
    operators: dict[str, list[str]] = defaultdict(list)
    for part in _parts(raw):
        if operator := _operator(part):
            name, value = operator
            operators[name].append(value)
        elif part["phrase"]:
            text.append(part["phrase"].strip())
            phrases.append(part["phrase"].strip())
        else:
            text.append(part[0])
    return ParsedQuery(
        text=" ".join(text),
        phrases=_few(phrases),
        without=_few(operators["without"]),
        filters={name: tuple(operators[name]) for name in FILTER_FIELDS if name in operators},
        titles=tuple(operators["title"]),
        like=next(iter(operators["like"]), ""),
    )


def text_spans(raw: str) -> list[tuple[int, int]]:
    """The spans of a typed query that make up its `text`, in order."""
    return [
        part.span("phrase" if part["phrase"] else 0) for part in _parts(raw) if not _operator(part)
    ]


def _operator(part: re.Match[str]) -> tuple[str, str] | None:
    """The operator and its value; None without an operator or with a value that does not fit."""
    name, value = (part["field"] or "").lower(), (part["phrase"] or part["word"]).strip()
    if part["without"]:
        return None if name else ("without", value)
    read = _operators().get(name)
    fitting = read(value) if read else None
    return None if fitting is None else (name, fitting)


def _operators() -> Mapping[str, Operator]:
    fields = {name: field.operator for name, field in FILTER_FIELDS.items() if field.operator}
    return {"title": str, "like": _document_id, **fields}


def _document_id(typed: str) -> str | None:
    return typed.lower() if _ID.fullmatch(typed.lower()) else None


@cache
def _pattern(operators: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?<!\S)
        (?P<without>-(?!-))?
        (?:(?P<field>{"|".join(map(re.escape, operators))}):)?
        (?:"(?P<phrase>[^"]+)"|(?P<word>\S+))
        (?!\S)
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _few(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MAX_RESTRICTIONS]


def _parts(raw: str) -> list[re.Match[str]]:
    read = raw[:MAX_QUERY_LENGTH].translate(_STRAIGHT)
    pattern = _pattern(tuple(_operators()))
    return [
        part for part in pattern.finditer(read) if re.search(r"\w", part["phrase"] or part["word"])
    ]
