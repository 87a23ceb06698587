"""The query language: words, "exact phrases", -without, type:pdf, collection:slug, title:word,
like:ID for what resembles a document.

Whatever does not fit the language is read as plain words; no query is an error.
"""

import re
from dataclasses import dataclass

MAX_LENGTH = 2000
MAX_RESTRICTIONS = 10  # phrases, and as many exclusions: each is checked in the texts

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PART = re.compile(
    r"""
    (?<!\S)
    (?P<without>-(?!-))?
    (?:(?P<field>type|collection|title|like):)?
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
    titles: tuple[str, ...] = ()
    like: str = ""

    @property
    def only_operators(self) -> bool:
        """Nothing to look up, but something to restrict by."""
        return not (self.text or self.like) and bool(
            self.without or self.types or self.collections or self.titles
        )


def parse(raw: str) -> Query:
    """Read a query as typed; only its first MAX_LENGTH characters count."""
    text: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    fields: dict[str, list[str]] = {"type": [], "collection": [], "title": [], "like": []}
    for part in _parts(raw[:MAX_LENGTH].replace("\0", " ")):
        value = part["phrase"] or part["word"]
        if part["without"] and not part["field"]:
            without.append(value)
        elif _is_field(part):
            fields[part["field"].lower()].append(value)
        else:
            text.append(value if part["phrase"] else part[0])
            if part["phrase"]:
                phrases.append(value)
    return Query(
        text=" ".join(text),
        phrases=_few(phrases),
        without=_few(without),
        types=tuple(value.lower() for value in fields["type"]),
        collections=tuple(value.lower() for value in fields["collection"]),
        titles=tuple(fields["title"]),
        like=next(iter(fields["like"]), "").lower(),
    )


def _is_field(part: re.Match[str]) -> bool:
    if part["without"] or not part["field"]:
        return False
    return part["field"].lower() != "like" or bool(_ID.fullmatch(part["word"] or ""))


def _few(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MAX_RESTRICTIONS]


def _parts(raw: str) -> list[re.Match[str]]:
    return [
        part for part in _PART.finditer(raw) if re.search(r"\w", part["phrase"] or part["word"])
    ]
