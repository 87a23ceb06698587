"""Reading one file: runs in a process of its own, and so imports neither Django nor torch."""

import html
import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from documents.errors import Failure, IngestError
from documents.extracted_text import ExtractedText, Heading, ParsedFile, SourceFile
from documents.extraction import zip_bombs
from documents.extraction.dates import content_date
from documents.extraction.detector import detect_format
from documents.extraction.formats import Format
from documents.extraction.kreuzberg_document import MARKER, NodeComposer
from documents.extraction.probe import HEAD_BYTES
from documents.extraction.text_encoding import clean_text, is_binary

log = logging.getLogger(__name__)

# Structure that holds less than this share of the text on the pages has lost some of it.
COMPLETE = 0.8


def parse_files(
    files: Sequence[SourceFile], most: int, formats: Sequence[Format]
) -> list[ParsedFile]:
    """What `parse_file` returns or raises for each; one that nobody thought of harms only itself.

    Raises MemoryError, after which the process is of no use.
    """
    found: list[ParsedFile] = []
    for file in files:
        try:
            found.append(ParsedFile(text=parse_file(file, most, formats)))
        except IngestError as error:
            found.append(ParsedFile(failure=Failure.of(error)))
        except MemoryError:
            raise
        except Exception:
            log.exception("Reading %s failed", file.path)
            fault = IngestError("internal_error", permanent=False)
            found.append(ParsedFile(failure=Failure.of(fault)))
    return found


def parse_file(file: SourceFile, most: int, formats: Sequence[Format]) -> ExtractedText:
    """Text, pages and headings of a file of one of `formats`, at most `most` characters.

    Raises IngestError, permanent.
    """
    if not file.path.is_file():
        raise IngestError("original_missing")
    file_format = detect_format(file.path, file.name, file.content_type, formats)
    if file_format.is_text and file.path.stat().st_size > 4 * most:
        raise IngestError("text_too_long", characters=most)
    if file_format.is_zip:
        zip_bombs.check_zip(file.path)
    found = file_format.read(file.path)
    if len(found.text) > most:
        raise IngestError("text_too_long", characters=most)
    if not found.text.strip():
        may_be_scan = file_format.is_scannable and not _can_recognise()
        raise IngestError("no_text_in_scan" if may_be_scan else "no_text")
    return found


def _can_recognise() -> bool:
    return shutil.which("tesseract") is not None


def read_structured(path: Path, file_format: Format) -> ExtractedText:
    result = _kreuzberg(path, file_format)
    composer = _composed(result)
    if file_format.name == "docx" and not composer.pages:
        composer.pages = _located(_pages(result), composer.text)
    for name, attached in _attachments(result) if file_format.name == "eml" else ():
        composer.attach(name, attached)
    return ExtractedText(
        text=composer.text,
        pages=composer.pages if file_format.has_pages else [],
        headings=composer.headings,
        title=_title(result.metadata, composer.headings, file_format),
        content_date=content_date(result.metadata),
    )


def _composed(result: Any) -> NodeComposer:
    """kreuzberg's structure as text, or its pages one after the other if they hold more text."""
    composer = NodeComposer()
    for node in _nodes(result):
        composer.node(node)
    pages = _pages(result)
    if _words("".join(pages)) * COMPLETE > _words(composer.text) or not composer.length:
        return _from_pages(pages or [clean_text(result.content)])
    return composer


def _nodes(result: Any) -> list[dict[str, Any]]:
    return list((result.document or {}).get("nodes", ()))


def _pages(result: Any) -> list[str]:
    return [clean_text(page["content"]).strip() for page in result.pages or ()]


def _attachments(result: Any) -> Iterator[tuple[str, NodeComposer]]:
    """The names of a mail's attachments, and the text of those that have any. Images are skipped:
    in mails they are mostly logos."""
    for child in result.children or ():
        found = child["result"]
        if child["mime_type"].startswith("image/"):
            continue
        raw = "".join(node["content"].get("text") or "" for node in _nodes(found))
        if not is_binary(raw.encode("utf-8", "replace")[:HEAD_BYTES]):
            yield " ".join(clean_text(child["path"]).split()), _composed(found)


def _words(text: str) -> int:
    """The number of letters and digits: marks of layout do not count."""
    return len(re.findall(r"[^\W_]", text))


def _from_pages(pages: list[str]) -> NodeComposer:
    composer = NodeComposer()
    for number, page in enumerate(pages, 1):
        composer.page(number)
        if page:
            composer.add(page)
    return composer


def _located(pages: list[str], text: str) -> list[int]:
    """The offset of each page in `text`: the first match of its first words after the last page."""
    starts = [0] if pages else []
    for page in pages[1:]:
        first = re.sub(r"^[#>*\s-]+|[\\*`|]", "", page.lstrip().split("\n", 1)[0]).strip()
        place = text.find(first[:80], starts[-1]) if first else -1
        starts.append(max(place, starts[-1]))
    return starts if len(starts) > 1 else []


def _title(metadata: dict[str, Any], headings: list[Heading], file_format: Format) -> str:
    """The document's own title, for formats whose metadata or first heading is reliable."""
    if file_format.name == "eml":
        named = metadata.get("subject")
    elif file_format.has_title:
        first = next((h.title for h in headings if h.level == 1), "")
        named = metadata.get("title") or first
    else:
        named = ""
    return " ".join(clean_text(html.unescape(str(named or ""))).split())


def _kreuzberg(path: Path, file_format: Format) -> Any:
    import kreuzberg

    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format="markdown",
        include_document_structure=True,
        ocr=kreuzberg.OcrConfig(backend="tesseract") if _can_recognise() else None,
        pages=kreuzberg.PageConfig(
            extract_pages=True,
            insert_page_markers=file_format.name == "pptx",
            marker_format=f"\n\n{MARKER}\n\n",
        ),
        content_filter=kreuzberg.ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False
        ),
    )
    if file_format.is_image and config.ocr is None:
        raise IngestError("no_text_in_scan")
    try:
        return kreuzberg.extract_file_sync(path, file_format.content_type, config=config)
    except kreuzberg.KreuzbergError as error:
        protected = "password" in str(error).lower() or "encrypt" in str(error).lower()
        raise IngestError("protected_file" if protected else "damaged_file") from error
