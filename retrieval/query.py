"""The query language: words, "exact phrases", -without, type:pdf, collection:slug, title:word.

Whatever does not fit the language is read as plain words; no query is an error.
"""

import re
from dataclasses import dataclass

MAX_LENGTH = 2000

_PART = re.compile(
    r"""
    (?<!\S)
    (?P<without>-(?!-))?
    (?:(?P<field>type|collection|title):)?
    (?:"(?P<phrase>[^"]+)"|(?P<word>\S+))
    (?!\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A parsed query.

    `text` is what the models read and what is looked up: the words and phrases asked for, without
    operators. `phrases` must stand in a document, none of `without` (words or phrases) may.
    """

    text: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def only_operators(self) -> bool:
        """Nothing to look up, but something to restrict by."""
        return not self.text and bool(self.without or self.types or self.collections or self.titles)


def parse(raw: str) -> Query:
    """Read a query as typed; only its first MAX_LENGTH characters count."""
    text: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    fields: dict[str, list[str]] = {"type": [], "collection": [], "title": []}
    for part in _parts(raw[:MAX_LENGTH].replace("\0", " ")):
        value = part["phrase"] or part["word"]
        if part["without"] and not part["field"]:
            without.append(value)
        elif part["field"] and not part["without"]:
            fields[part["field"].lower()].append(value)
        else:
            text.append(value if part["phrase"] else part[0])
            if part["phrase"]:
                phrases.append(value)
    return Query(
        text=" ".join(text),
        phrases=tuple(phrases),
        without=tuple(without),
        types=tuple(value.lower() for value in fields["type"]),
        collections=tuple(value.lower() for value in fields["collection"]),
        titles=tuple(fields["title"]),
    )


def _parts(raw: str) -> list[re.Match[str]]:
    return [
        part for part in _PART.finditer(raw) if re.search(r"\w", part["phrase"] or part["word"])
    ]
