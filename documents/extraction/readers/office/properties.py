"""What an office file states of itself, and the title that follows from it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from documents.extracted_text import ExtractedText
from documents.extraction.dates import content_date
from documents.extraction.readers.office.package import Element, OfficePackage
from documents.extraction.text_encoding import clean_text

Metadata = dict[str, str | list[str]]

# What programs and their templates write where nobody gave a title.
NO_TITLE = re.compile(
    r"(untitled|unbenannt|sans titre|sin título|senza titolo|title|titel|titre|document|dokument"
    r"|presentation|präsentation|workbook|spreadsheet|book|mappe|microsoft word|word document"
    r"|(table of )?contents|inhalt|inhaltsverzeichnis|sommaire|table des matières|índice|indice"
    r"|slide|folie|diapositive|sheet|template|vorlage|normal|blank|default"
    r"|(powerpoint|microsoft powerpoint)[ -]*(presentation|präsentation)"
    r"|présentation( powerpoint)?|presentación de powerpoint"
    r"|presentazione( standard di)? powerpoint|apresentação do powerpoint|презентация powerpoint"
    r"|click to edit (master )?title.*)[\s\d._()-]*",
    re.I,
)
FILE_NAME = re.compile(
    r"(microsoft (word|excel|powerpoint) - )|[\w)-]\.[a-z]{3,4}$|^[a-z]:\\", re.I
)
# When the templates of libraries were made, and by whom: neither says anything of a document.
TEMPLATE_DATES = ("2013-12-23T23:15", "2013-01-27T09:1")
TEMPLATE_AUTHORS = ("python-docx", "Steve Canny", "openpyxl", "Apache POI", "Unknown")
LONGEST_TITLE_LINE = 100


@dataclass(frozen=True)
class Properties:
    """The title, the day and the rest that a file states of itself."""

    title: str = ""
    day: date | None = None
    metadata: Metadata = field(default_factory=dict)


def core_properties(package: OfficePackage) -> Properties:
    """The properties of an Office Open XML file."""
    root = package.related("", "core-properties")
    return properties_of(root.iter() if root is not None else ())


def properties_of(elements: Iterable[Element]) -> Properties:
    """The properties that elements of Dublin Core and their kin hold."""
    stated: dict[str, list[str]] = {}
    for one in elements:
        words = " ".join(clean_text(one.text or "").split())
        if words and not len(one):
            stated.setdefault(str(one.tag), []).append(words)
    first = {name: values[0] for name, values in stated.items()}
    author = first.get("initial-creator") or first.get("creator", "")
    days = (first.get(name, "") for name in ("created", "creation-date", "modified", "date"))
    stamp = next((day for day in days if day and not day.startswith(TEMPLATE_DATES)), "")
    day = content_date({"created_at": stamp})
    keywords = [
        word.strip()
        for text in [*stated.get("keywords", ()), *stated.get("keyword", ())]
        for word in re.split(r"[,;]", text)
        if word.strip()
    ]
    found: Metadata = {
        "author": "" if author in TEMPLATE_AUTHORS else author,
        "subject": first.get("subject", ""),
        "description": _description(first.get("description", "")),
        "category": first.get("category", ""),
        "language": first.get("language", ""),
        "keywords": keywords,
    }
    kept = {name: value for name, value in found.items() if value}
    return Properties(first.get("title", ""), day, kept)


def _description(text: str) -> str:
    return "" if text.startswith("generated ") else text


def described(
    found: ExtractedText, properties: Properties, own_title: str = "", *, by_heading: bool = True
) -> ExtractedText:
    """The text with the stated title if it is one, else with `own_title`, which stands in it as
    such, else its first heading, else its first line if that is short.

    Without `by_heading`, headings do not count: they are names of sheets.
    """
    headings = [heading.title for heading in found.headings] if by_heading else []
    named = (properties.title, own_title, *headings)
    title = next((one for one in named if is_title(one)), "") or _first_line(found, by_heading)
    title = " ".join(clean_text(title).split())
    return replace(found, title=title, content_date=properties.day, metadata=properties.metadata)


def is_title(words: str) -> bool:
    """Whether somebody may have given these words as a title."""
    named = NO_TITLE.fullmatch(words) or FILE_NAME.search(words)
    return len(re.findall(r"[^\W\d_]", words)) > 1 and not named


def _first_line(found: ExtractedText, by_heading: bool) -> str:
    passed = ("hidden", "image", "navigation", *(() if by_heading else ("heading",)))
    first = next((one for one in found.blocks if one.kind not in passed), None)
    if first is None or first.kind != "paragraph":
        return ""
    line = " ".join(found.text[first.start : first.end].split())
    is_sentence = line.endswith((".", "!", "?", ",", ";", ":")) and " " in line
    return line if len(line) <= LONGEST_TITLE_LINE and is_title(line) and not is_sentence else ""
