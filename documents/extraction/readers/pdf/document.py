"""A PDF as text: its pages in order, each with its blocks."""

import logging
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.attachments import append_attachment
from documents.extraction.readers.pdf.annotations import (
    Annotations,
    Comment,
    EmbeddedFile,
    embedded_file,
    with_values,
)
from documents.extraction.readers.pdf.composer import PageComposer
from documents.extraction.readers.pdf.headings import HeadingLevels, OutlineEntry
from documents.extraction.readers.pdf.hyphenation import Hyphenation, whole_words
from documents.extraction.readers.pdf.layout import page_blocks
from documents.extraction.readers.pdf.margins import PageLines, part_margins
from documents.extraction.readers.pdf.page_block import PageBlock
from documents.extraction.readers.pdf.page_text import PageText
from documents.extraction.readers.pdf.recognition import rendered_page
from documents.extraction.readers.pdf.titles import (
    stated_date,
    stated_metadata,
    stated_title,
)
from documents.extraction.readers.recognition import can_recognise, recognised_text
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import clean_text

# A page of which a larger share has no known letters is unreadable.
MOST_UNMAPPED = 0.3
# A page without letters may have them in a picture that covers this share of it.
PICTURE = 0.02
MOST_ENTRIES = 5000

log = logging.getLogger(__name__)


@dataclass
class _Page:
    """What stands on a page. `recognised` is the text of its picture, where letters say nothing."""

    content: PageLines
    hidden: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    files: list[EmbeddedFile] = field(default_factory=list)
    recognised: str = ""
    is_damaged: bool = False
    is_unmapped: bool = False
    is_unread: bool = False
    blocks: list[PageBlock] = field(default_factory=list)


def read_pdf(path: Path, file_format: Format) -> ExtractedText:
    """Raises IngestError for a file that is damaged, protected, or of letters that say nothing."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            return _read(document)
    except pypdfium2.PdfiumError as error:
        is_protected = "password" in str(error).lower()
        raise IngestError("protected_file" if is_protected else "damaged_file") from error


def _read(document: Any) -> ExtractedText:
    info = document.get_metadata_dict()
    if document.get_formtype():
        document.init_forms()
    pages = [_page(document, number) for number in range(1, len(document) + 1)]
    unread = [str(page.content.number) for page in pages if page.is_unread]
    has_text = any(page.content.lines or page.recognised for page in pages)
    if not has_text and any(page.is_unmapped for page in pages):
        raise IngestError("unreadable_letters")
    if pages and all(page.is_damaged for page in pages):
        raise IngestError("damaged_file")
    builder = _composed(pages, _outline(document))
    title = stated_title(info.get("Title")) or _first_title(builder)
    for file in [*_embedded(document), *(file for page in pages for file in page.files)]:
        append_attachment(builder, file.name, file.data)
    found = builder.extracted()
    if unread:
        log.warning("Pages without a text that can be read: %s", ", ".join(unread))
    metadata = stated_metadata(info) | ({"unread_pages": unread} if unread else {})
    return replace(
        found,
        title=title,
        metadata=metadata,
        content_date=stated_date(info),
    )


def _first_title(builder: TextBuilder) -> str:
    """The first heading, if it stands on the first page and none is higher."""
    headings = builder.headings
    is_early = headings and bisect_right(builder.pages, headings[0].start) == 1
    is_highest = headings and headings[0].level == min(one.level for one in headings)
    return headings[0].title if is_early and is_highest else ""


def _page(document: Any, number: int) -> _Page:
    """What is on page `number`; one that is damaged is unread, and harms no other."""
    import pypdfium2

    try:
        with closing(document[number - 1]) as page:
            return _read_page(document, page, number)
    except pypdfium2.PdfiumError as error:
        log.warning("Page %s cannot be read: %s", number, error)
        return _Page(PageLines(number, 0, 0, []), is_damaged=True, is_unread=True)


def _read_page(document: Any, page: Any, number: int) -> _Page:
    text = PageText(page)
    lines = text.lines()
    marks = Annotations(page, document.formenv.raw if document.formenv else None)
    is_unmapped = text.unmapped > MOST_UNMAPPED * text.letters
    is_picture = is_unmapped or (not text.letters and text.visibility.largest_picture > PICTURE)
    is_read = is_picture and can_recognise()
    recognised = recognised_text(rendered_page(page)) if is_read else ""
    shown = with_values([] if is_unmapped else lines, marks.values)
    bottom, top = text.bottom_top
    return _Page(
        PageLines(number, bottom, top, shown), text.hidden, marks.comments, marks.files,
        recognised, is_unmapped=is_unmapped, is_unread=is_picture and not recognised,
    )  # fmt: skip


def _composed(pages: Sequence[_Page], outline: Sequence[OutlineEntry]) -> TextBuilder:
    part_margins([page.content for page in pages])
    for page in pages:
        page.blocks = page_blocks(page.content.lines)
    blocks = [block for page in pages for block in page.blocks]
    lines = (whole_words(line) for block in blocks for line in block.lines)
    composer = PageComposer(TextBuilder(), HeadingLevels(blocks, outline), Hyphenation(lines))
    for page in pages:
        composer.page(page.content, page.blocks)
        if page.recognised:
            composer.paragraphs(page.recognised)
        for comment in page.comments:
            composer.builder.block("comment", comment.text, label=clean_text(comment.author))
        composer.builder.block("hidden", " ".join(page.hidden))
    return composer.builder


def _outline(document: Any) -> list[OutlineEntry]:
    found: list[OutlineEntry] = []
    for bookmark in document.get_toc(max_depth=6):
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if index is not None and len(found) < MOST_ENTRIES:
            found.append(OutlineEntry(bookmark.level + 1, bookmark.get_title(), index + 1))
    return found


def _embedded(document: Any) -> Iterator[EmbeddedFile]:
    import pypdfium2

    for number in range(document.count_attachments()):
        try:
            attachment = document.get_attachment(number)
        except pypdfium2.PdfiumError as error:
            log.warning("A file inside cannot be opened: %s", error)
            continue
        yield from embedded_file(attachment.raw)
