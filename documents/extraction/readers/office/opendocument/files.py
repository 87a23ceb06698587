"""Reads texts, spreadsheets and presentations of OpenDocument (ODT, ODS, ODP)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from documents.errors import IngestError
from documents.extracted_text import BlockKind, ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.office.opendocument.flow import ContentFlow, FlowPlace
from documents.extraction.readers.office.opendocument.inline import paragraph_lines, plain_words
from documents.extraction.readers.office.opendocument.sheets import add_spreadsheet
from documents.extraction.readers.office.opendocument.slides import add_slides
from documents.extraction.readers.office.opendocument.styles import OpenDocumentStyles
from documents.extraction.readers.office.package import Element, OfficePackage, opened_package
from documents.extraction.readers.office.properties import Properties, described, properties_of
from documents.extraction.readers.office.second_look import fuller

WORDED = re.compile(r"[^\W\d_]{2}")
REPEATED = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")


@dataclass(frozen=True)
class OpenedDocument:
    """The content of a file, a flow to read it with, and what the file states of itself."""

    content: Element
    flow: ContentFlow
    styles: Element | None
    properties: Properties


def read_odt(path: Path, file_format: Format) -> ExtractedText:
    """The words of body, boxes, notes and comments where they are anchored; what pages repeat
    above and below stands once, at the end. Raises IngestError, permanent."""
    with opened_document(path) as document:
        flow, content = document.flow, document.content
        flow.has_pages = next(content.iter("soft-page-break"), None) is not None
        flow.builder.page(int(flow.has_pages))
        flow.read(content.find("body/text"))
        flow.finish()
        _add_repeated(document)
    found = fuller(flow.builder.extracted(), paragraph_lines(content.find("body")), path)
    return described(found, document.properties, flow.title)


def read_ods(path: Path, file_format: Format) -> ExtractedText:
    """Each sheet under its name, its cells as they are shown. Raises IngestError, permanent."""
    with opened_document(path) as document:
        add_spreadsheet(document.flow, document.content.find("body/spreadsheet"))
    found = document.flow.finish().extracted()
    return described(found, document.properties, by_heading=False)


def read_odp(path: Path, file_format: Format) -> ExtractedText:
    """Each slide as a page under its title, then its notes. Raises IngestError, permanent."""
    with opened_document(path) as document:
        add_slides(document.flow, document.content.find("body/presentation"))
    found = fuller(
        document.flow.finish().extracted(), paragraph_lines(document.content.find("body")), path
    )
    return described(found, document.properties)


@contextmanager
def opened_document(path: Path) -> Iterator[OpenedDocument]:
    """Raises IngestError for a file that is encrypted, or holds no content."""
    with opened_package(path) as package:
        if b"encryption-data" in package.content("META-INF/manifest.xml"):
            raise IngestError("protected_file")
        content = package.xml("content.xml")
        if content is None or content.find("body/*") is None:
            raise IngestError("damaged_file")
        styles = package.xml("styles.xml")
        flow = ContentFlow(package, OpenDocumentStyles(styles, content))
        yield OpenedDocument(content, flow, styles, _properties(package))


def _properties(package: OfficePackage) -> Properties:
    root = package.xml("meta.xml")
    return properties_of(root.iter() if root is not None else ())


def _add_repeated(document: OpenedDocument) -> None:
    """What stands above and below the pages, each text once."""
    pages = document.styles.find("master-styles") if document.styles is not None else None
    known: set[str] = set()
    document.flow.has_pages = False
    for one in pages.iter(*REPEATED) if pages is not None else ():
        words = plain_words(one)
        if words not in known and WORDED.search(words):
            known.add(words)
            kind: BlockKind = "header" if one.tag.startswith("header") else "footer"
            document.flow.read(one, FlowPlace(kind=kind, white_is_seen=True))
