"""XML: feeds by their entries, records as lines `name: value`, other documents by their texts."""

import html
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from html.entities import name2codepoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.extracted_text import ExtractedText
from documents.extraction.dates import content_date
from documents.extraction.readers.plain import read_text
from documents.extraction.readers.web.feed import FEEDS, add_feed, child_text, local_name
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

log = logging.getLogger(__name__)

DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
ENTITY = re.compile(r"&([A-Za-z]\w*);")
MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[/?!]?[A-Za-z][^<>]*>", re.S)
TITLES = ("title", "head", "heading", "caption")
PARTS = (*TITLES, "p", "para", "simpara", "div", "section", "list", "table", "quote", "note")
UNSHOWN = ("script", "style")
# Attributes that are written for people.
WORDS = ("title", "alt", "label", "name", "description", "summary", "caption", "text", "value")
# A reading of less than this share of the words between the tags has lost some.
COMPLETE = 0.8
MOST_LEVELS = 6
LONGEST_FIELD = 300


def read_xml(path: Path, file_format: "Format") -> ExtractedText:
    """What cannot be parsed to its end is read as the text between its tags."""
    text = DECLARATION.sub("", decode_text(path.read_bytes(), markup=True).lstrip("\ufeff \t\r\n"))
    root = _parsed(text)
    if root is None:
        return read_text(path, file_format)
    builder = TextBuilder()
    if local_name(root) in FEEDS:
        add_feed(builder, root)
    else:
        _add_elements(builder, root)
    plain = html.unescape(MARKUP.sub(" ", text))
    if len(builder.text.split()) < COMPLETE * len(plain.split()):
        log.warning("The elements of %s hold less than its text, which is kept.", path.name)
        builder = TextBuilder()
        builder.block("paragraph", re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", plain)))
    channel = next((child for child in root if local_name(child) == "channel"), root)
    days = (child_text(channel, name) for name in ("updated", "pubDate", "date"))
    return replace(
        builder.extracted(),
        title=child_text(channel, "title")[:500],
        content_date=content_date({"created_at": next(filter(None, days), "")}),
    )


def _parsed(text: str) -> Any:
    """The root, or None. Entities of files and addresses stay unread, others may not grow."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities="internal", no_network=True, huge_tree=False,
        load_dtd=False, remove_pis=True, remove_comments=True,
    )  # fmt: skip
    try:
        return etree.fromstring(ENTITY.sub(_spelt, clean_text(text)).encode(), parser)
    except (etree.LxmlError, ValueError):
        return None


def _spelt(match: re.Match[str]) -> str:
    """An entity of HTML, which XML does not know, as its character."""
    name = match[1]
    known = name in name2codepoint and name not in ("amp", "lt", "gt", "quot")
    return chr(name2codepoint[name]) if known else match[0]


def _add_elements(builder: TextBuilder, root: Any) -> None:
    """Append the elements that hold text, in order."""
    stack: list[tuple[Any, int]] = [(root, 0)]
    while stack:
        element, depth = stack.pop()
        if isinstance(element, str):
            builder.block("paragraph", " ".join(element.split()))
            continue
        name = local_name(element)
        if not name or name in UNSHOWN:
            continue
        if words := [text for key, text in element.items() if _is_shown(key, text)]:
            builder.block("paragraph", ", ".join(words))
        if len(element) == 0 or _is_inline(element):
            text = " ".join("".join(element.itertext()).split())
            if name in TITLES and len(text) <= LONGEST_FIELD:
                builder.block("heading", text, level=min(max(depth, 1), MOST_LEVELS))
            else:
                builder.block("paragraph", text)
        elif _is_record(element):
            lines = (f"{local_name(c)}: {' '.join((c.text or '').split())}" for c in element)
            builder.block("paragraph", "\n".join(line for line in lines if line[-2:] != ": "))
        else:
            stack += reversed(list(_content(element, depth)))


def _content(element: Any, depth: int) -> Iterator[tuple[Any, int]]:
    """The children and the texts between them."""
    if element.text and element.text.strip():
        yield element.text, depth
    for child in element:
        yield child, depth + 1
        if child.tail and child.tail.strip():
            yield child.tail, depth


def _is_inline(element: Any) -> bool:
    """Whether the children are parts of a sentence: text stands among them, and they are flat."""
    if any(local_name(child) in PARTS for child in element):
        return False
    flat = not any(len(grandchild) for child in element for grandchild in child)
    return flat and _has_text(element)


def _has_text(element: Any) -> bool:
    """Whether text stands beside the children."""
    among = [element.text, *(child.tail for child in element)]
    return any(text and text.strip() for text in among)


def _is_record(element: Any) -> bool:
    """Whether the children are fields: short texts under different names."""
    names = {local_name(child) for child in element}
    if len(names) < 2 or names.intersection(PARTS[len(TITLES) :]) or _has_text(element):
        return False
    return all(
        len(child) == 0 and len(child.text or "") <= LONGEST_FIELD and not child.attrib
        for child in element
    )


def _is_shown(name: str, text: str) -> bool:
    known = name.rpartition("}")[2].lower() in WORDS
    return known and any(map(str.isalpha, text)) and "://" not in text
