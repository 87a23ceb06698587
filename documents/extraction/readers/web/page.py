"""Web pages: all that a page shows, in blocks, with what it states of itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import IngestError
from documents.extracted_text import Block, ExtractedText
from documents.extraction.dates import content_date
from documents.extraction.readers.web.front_matter import split_front_matter
from documents.extraction.readers.web.html_blocks import HtmlBlocks
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from documents.extraction.formats import Format

# Titles that programs write where nobody gave one.
NO_TITLE = re.compile(
    r"untitled( (document|page))?|document|index|home ?page|title|new page( \d+)?|no title", re.I
)
# With less text than this beside it, navigation is what the page is for.
LEAST_SUBJECT = 200
LEAST_SHARE = 0.1
# `<title/>` is empty in XML, and to HTML the beginning of a title.
EMPTY_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)/>")
VOID = (
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
)  # fmt: skip


def read_html(path: Path, file_format: "Format") -> ExtractedText:
    """Raises IngestError, permanent."""
    markup = decode_text(path.read_bytes(), markup=True)
    front, markup = split_front_matter(markup)
    page = parse_html(markup)
    builder = TextBuilder()
    add_page(builder, page)
    found = builder.extracted()
    metadata, stated = _stated(page)
    first = next((heading.title for heading in found.headings if heading.level == 1), "")
    return replace(
        found,
        blocks=_with_subject(found.blocks),
        title=front.title or page_title(page) or first,
        metadata={**metadata, **front.metadata},
        content_date=front.day or content_date(stated),
    )


def parse_html(markup: str, *, xml: bool = False) -> "LexborHTMLParser":
    """The tree that a browser makes of `markup`, of which `xml` may have closed empty elements."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    markup = clean_text(markup)
    if xml or markup.lstrip()[:5] == "<?xml":
        markup = EMPTY_ELEMENT.sub(_opened, markup)
    try:
        return LexborHTMLParser(markup)
    except (SelectolaxError, ValueError, RuntimeError) as error:
        raise IngestError("damaged_file") from error


def _opened(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name.lower() in VOID else f"<{name}{match[2]}></{name}>"


def add_page(builder: TextBuilder, page: "LexborHTMLParser") -> None:
    """Append the body of a page."""
    root = page.body or page.root
    if root is not None:
        plain = page.css_first("style, link[rel~=stylesheet]") is None
        HtmlBlocks(builder, plain=plain).add(root)


def add_fragment(builder: TextBuilder, markup: str) -> None:
    """Append a piece of HTML, as other formats hold them."""
    add_page(builder, parse_html(markup))


def page_title(page: "LexborHTMLParser") -> str:
    """What the page calls itself, unless it is what a program wrote."""
    node = page.css_first("head > title") or page.css_first("title")
    title = " ".join(clean_text(node.text()).split()) if node is not None else ""
    return "" if NO_TITLE.fullmatch(title) else title


def _stated(page: "LexborHTMLParser") -> tuple[dict[str, str | list[str]], dict[str, object]]:
    """Author, description and tags; and the tags that may hold a date."""
    tags: dict[str, str] = {}
    for node in page.css("meta[content]"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        content = " ".join(clean_text(node.attributes.get("content") or "").split())
        if content:
            tags.setdefault(name.lower().replace(":", "-"), content[:1000])
    metadata: dict[str, str | list[str]] = {}
    for name, keys in (
        ("author", ("author", "article-author", "dc.creator")),
        ("description", ("description", "og-description")),
    ):
        if value := next((tags[key] for key in keys if key in tags), ""):
            metadata[name] = value
    if words := [word.strip() for word in tags.get("keywords", "").split(",") if word.strip()]:
        metadata["tags"] = words[:50]
    days = ("date", "dc.date", "dc.date.issued", "dcterms.created", "pubdate", "last-modified")
    tags["date"] = next((tags[name] for name in days if name in tags), "")
    return metadata, {"meta_tags": tags}


def _with_subject(blocks: Sequence[Block]) -> list[Block]:
    """The blocks; of a page that is hardly more than navigation, that is its subject."""
    sizes = [0, 0]
    for block in blocks:
        if block.kind != "hidden":
            sizes[block.kind in ("navigation", "header", "footer")] += block.end - block.start
    subject, around = sizes
    if subject >= min(LEAST_SUBJECT, LEAST_SHARE * around):
        return list(blocks)
    return [replace(b, kind="paragraph") if b.kind == "navigation" else b for b in blocks]
