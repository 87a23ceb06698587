"""Feeds (RSS, Atom): each entry under its title, its HTML as text."""

import re
from typing import Any

from documents.extraction.readers.web.page import add_fragment
from documents.extraction.text_builder import TextBuilder

FEEDS = ("rss", "feed", "rdf")
ENTRIES = ("item", "entry")
BODIES = ("encoded", "content", "description", "summary", "subtitle", "tagline")
TAG = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w+;")
WORD = re.compile(r"\w+")


def local_name(element: Any) -> str:
    """The name of an element without its namespace, in small letters; empty for what is none."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].lower()


def child_text(parent: Any, name: str) -> str:
    """The text of the first child of that name, on one line."""
    for child in parent:
        if local_name(child) == name.lower():
            return " ".join("".join(child.itertext()).split())
    return ""


def add_feed(builder: TextBuilder, root: Any) -> None:
    """Append title and description of the feed, then its entries."""
    channel = next((child for child in root if local_name(child) == "channel"), root)
    _add_entry(builder, channel, level=1)
    for entry in [*channel, *(root if channel is not root else ())]:
        if local_name(entry) in ENTRIES:
            _add_entry(builder, entry, level=2)


def _add_entry(builder: TextBuilder, entry: Any, *, level: int) -> None:
    builder.block("heading", _plain(child_text(entry, "title")), level=level)
    names = ("author", "creator", "pubDate", "published", "updated", "category")
    stated = dict.fromkeys(filter(None, (child_text(entry, name) for name in names)))
    builder.block("paragraph", ", ".join(stated))
    before = ""
    for name in BODIES:  # the fullest first: what a summary repeats of it is left out
        for child in entry:
            if local_name(child) != name:
                continue
            body = TextBuilder()
            _add_body(body, child)
            words = " ".join(WORD.findall(body.text))
            if words and words not in before:
                builder.extend(body, deeper=level)
                before += f" {words}"


def _add_body(builder: TextBuilder, element: Any) -> None:
    from lxml import etree

    if len(element):  # XHTML as it is, without a namespace before each name
        markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    else:
        markup = element.text or ""
    if len(element) or TAG.search(markup):
        add_fragment(builder, markup)
    else:
        builder.block("paragraph", markup)


def _plain(title: str) -> str:
    """A title without the tags that some feeds have in theirs."""
    if not TAG.search(title):
        return title
    body = TextBuilder()
    add_fragment(body, title)
    return " ".join(body.text.split())
