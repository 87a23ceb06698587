"""E-books: the documents of the book in the order in which they are read."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.dates import content_date
from documents.extraction.readers.web.feed import local_name
from documents.extraction.readers.web.page import add_page, parse_html
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text
from documents.extraction.zip_bombs import opened_zip

if TYPE_CHECKING:
    from documents.extraction.formats import Format

PAGE_TYPES = (
    "application/xhtml+xml",
    "text/html",
    "application/x-dtbook+xml",
    "text/x-oeb1-document",
)
PAGE_SUFFIXES = (".xhtml", ".html", ".htm")
# Fonts may be disguised in a book that everybody can read.
FONT_CIPHERS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


@dataclass(frozen=True)
class _Package:
    """What the package document says: the paths of the pages in order, at the end those that are
    only linked to, and the metadata."""

    pages: list[str] = field(default_factory=list)
    stated: dict[str, list[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return next(iter(self.stated.get(name, ())), "")


def read_epub(path: Path, file_format: "Format") -> ExtractedText:
    """Raises IngestError, permanent."""
    builder = TextBuilder()
    with opened_zip(path) as archive:
        if _is_locked(archive):
            raise IngestError("protected_file")
        package = _package(archive)
        for name in package.pages or _all_pages(archive):
            markup = decode_text(archive.read(name), markup=True)
            add_page(builder, parse_html(markup, xml=True))
    authors, tags = package.stated.get("creator"), package.stated.get("subject")
    metadata: dict[str, str | list[str]] = {}
    if authors:
        metadata["author"] = authors if len(authors) > 1 else authors[0]
    if tags:
        metadata["tags"] = tags
    return replace(
        builder.extracted(),
        title=package.first("title")[:500],
        metadata=metadata,
        content_date=content_date({"created_at": package.first("date")}),
    )


def _package(archive: zipfile.ZipFile) -> _Package:
    """The package document's pages that are there; nothing of a book that has none."""
    names = {name.lower(): name for name in archive.namelist()}
    container = _tree(archive, names.get("meta-inf/container.xml", ""))
    roots = [e.get("full-path") for e in container if local_name(e) == "rootfile"]
    path = next((names[p.lower()] for p in roots if p and p.lower() in names), "")
    path = path or next((name for name in names.values() if name.endswith(".opf")), "")
    items: dict[str, Any] = {}
    order: list[str] = []
    stated: dict[str, list[str]] = {}
    for element in _tree(archive, path):
        name = local_name(element)
        if name == "item":
            items[element.get("id") or ""] = element
        elif name == "itemref":
            order.append(element.get("idref") or "")
        elif "purl.org/dc" in str(element.tag):
            text = " ".join(clean_text("".join(element.itertext())).split())
            stated.setdefault(name, []).extend([text[:1000]] if text else [])
    beside = [key for key, item in items.items() if "nav" not in (item.get("properties") or "")]
    pages: list[str] = []
    for item in (items[key] for key in dict.fromkeys([*order, *beside]) if key in items):
        place = _resolved(path, item.get("href") or "")
        is_page = item.get("media-type") in PAGE_TYPES or place.lower().endswith(PAGE_SUFFIXES)
        if is_page and place.lower() in names and names[place.lower()] not in pages:
            pages.append(names[place.lower()])
    return _Package(pages, stated)


def _resolved(package: str, href: str) -> str:
    """The member that `href`, an address relative to the package document, names."""
    inside = unquote(urlsplit(href).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(package), inside)).lstrip("/")


def _tree(archive: zipfile.ZipFile, name: str) -> Iterator[Any]:
    """The elements of an XML member; none of one that is not there or not well-formed."""
    from lxml import etree

    if not name:
        return
    parser = etree.XMLParser(recover=True, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(archive.read(name), parser)
    except (etree.LxmlError, ValueError):
        return
    if root is not None:
        yield from root.iter()


def _all_pages(archive: zipfile.ZipFile) -> list[str]:
    """The pages of a book whose package names none, in the order of their names."""
    found = (name for name in archive.namelist() if name.lower().endswith(PAGE_SUFFIXES))
    return sorted(found, key=lambda name: [p.zfill(9) for p in re.split(r"(\d+)", name)])


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether more than fonts is encrypted."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return False
    methods = [
        element.get("Algorithm") or ""
        for element in _tree(archive, "META-INF/encryption.xml")
        if local_name(element) == "encryptionmethod"
    ]
    return any(method not in FONT_CIPHERS for method in methods)
