"""The query language: words, "exact phrases", -without, type:pdf, collection:slug, language:de,
year:2024, title:word, like:ID for what resembles a document.

Whatever does not fit the language is read as plain words; no query is an error.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from retrieval.analysis import language_code

MAX_LENGTH = 2000
MAX_RESTRICTIONS = 10  # phrases, and as many exclusions: each is checked in the texts

_FITS = {
    "like": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    "language": re.compile(r"[a-z]{2}"),  # once a name has become its code
    "year": re.compile(r"[0-9]{4}"),
}
# Quotation marks as phones, word processors and Japanese keyboards write them: a character each, so
# that places stay. Single ones are left, since most are apostrophes.
_STRAIGHT = str.maketrans({"\0": " ", **dict.fromkeys("“”„‟«»\uff02", '"')})
_PART = re.compile(
    r"""
    (?<!\S)
    (?P<without>-(?!-))?
    (?:(?P<field>type|collection|language|year|title|like):)?
    (?:"(?P<phrase>[^"]+)"|(?P<word>\S+))
    (?!\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A parsed query.

    `text` is what the models read and what is looked up: the words and phrases asked for, without
    operators. `phrases` must stand in a document, none of `without` (words or phrases) may. `like`
    is the id of a document.
    """

    text: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()
    like: str = ""

    @property
    def only_operators(self) -> bool:
        """Nothing to look up, but something to restrict by."""
        return not (self.text or self.like) and bool(
            self.without or self.types or self.collections or self.languages
            or self.years or self.titles
        )  # fmt: skip

    def names(self, slug: str) -> bool:
        """Whether `collection:` asks for this one, in capitals or not: who types minds neither."""
        return slug.casefold() in map(str.casefold, self.collections)


def parse(raw: str) -> Query:
    """Read a query as typed; only its first MAX_LENGTH characters count."""
    text: list[str] = []
    phrases: list[str] = []
    fields: dict[str, list[str]] = defaultdict(list)
    for part in _parts(raw):
        value = (part["phrase"] or part["word"]).strip()
        if operator := _operator(part):
            fields[operator].append(value)
        else:
            text.append(value if part["phrase"] else part[0])
            if part["phrase"]:
                phrases.append(value)
    return Query(
        text=" ".join(text),
        phrases=_few(phrases),
        without=_few(fields["without"]),
        types=tuple(value.lower() for value in fields["type"]),
        collections=tuple(fields["collection"]),
        languages=tuple(language_code(value) for value in fields["language"]),
        years=tuple(int(value) for value in fields["year"]),
        titles=tuple(fields["title"]),
        like=next(iter(fields["like"]), "").lower(),
    )


def places_of_text(raw: str) -> list[tuple[int, int]]:
    """Where in a query as typed the words and phrases stand that make its `text`, in order."""
    return [
        part.span("phrase" if part["phrase"] else 0) for part in _parts(raw) if not _operator(part)
    ]


def _operator(part: re.Match[str]) -> str:
    """The operator that it is, or nothing where it is none or its value does not fit."""
    if part["without"]:
        return "" if part["field"] else "without"
    if not part["field"]:
        return ""
    field: str = part["field"].lower()
    value = part["word"] or ""
    if field == "language":
        value = language_code(value)
    return field if field not in _FITS or _FITS[field].fullmatch(value) else ""


def _few(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MAX_RESTRICTIONS]


def _parts(raw: str) -> list[re.Match[str]]:
    read = raw[:MAX_LENGTH].translate(_STRAIGHT)
    return [
        part for part in _PART.finditer(read) if re.search(r"\w", part["phrase"] or part["word"])
    ]
