"""Documents of other formats within a Word document: web pages, rich text, plain text."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.rtf.reader import rtf_text
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import decode_text, is_binary

MARKUP = re.compile(rb"<(!doctype html|html|head|body|p|div|table|h1)[\s>]", re.I)
ARCHIVED = re.compile(rb"^content-type:\s*(multipart/related|text/html)", re.I | re.M)
HEAD = 2048
BREAK = "\0"
HTML_BLOCKS = frozenset(
    {
        "p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "dt",
        "dd", "caption", "br", "tr", "body",
    }
)  # fmt: skip


def chunk_text(data: bytes) -> TextBuilder:
    """The text of a chunk, whose kind its content tells; that of a Word document is not read."""
    builder = TextBuilder()
    if data.startswith(b"{\\rtf"):
        builder.extend(rtf_text(data))
    elif ARCHIVED.search(data[:HEAD]):
        builder.extend(_archived(data))
    elif MARKUP.search(data[:HEAD]):
        for line in _html_lines(data):
            builder.block("paragraph", line)
    elif data and not is_binary(data[:HEAD]):
        builder.block("paragraph", decode_text(data))
    return builder


def _archived(data: bytes) -> TextBuilder:
    """The text of a web page that is stored as a mail (MHT)."""
    builder = TextBuilder()
    page = message_from_bytes(data, policy=policy.default).get_body(("html", "plain"))
    for line in _html_lines(str(page.get_content()).encode()) if page is not None else ():
        builder.block("paragraph", line)
    return builder


def _html_lines(data: bytes) -> Iterator[str]:
    """The text of a web page, a line for each of its blocks."""
    from lxml import html

    root = html.fromstring(
        decode_text(data, markup=True).encode(), parser=html.HTMLParser(encoding="utf-8")
    )
    parts: list[str] = []
    for event, one in _events(root):
        if isinstance(one.tag, str) and one.tag in HTML_BLOCKS:
            parts.append(BREAK)
        if event == "start" and one.tag not in ("script", "style", "title"):
            parts.append(one.text or "" if isinstance(one.tag, str) else "")
        elif event == "end":
            parts.append(one.tail or "")
    return (" ".join(line.split()) for line in "".join(parts).split(BREAK))


def _events(root: Element) -> Iterator[tuple[str, Element]]:
    from lxml import etree

    yield from etree.iterwalk(root, events=("start", "end"))
