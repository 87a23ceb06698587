"""Pictures of texts: the text that is recognised in each of their pages."""

import logging
import re
from pathlib import Path

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.recognition import can_recognise, recognised_text
from documents.extraction.text_builder import TextBuilder

MOST_PIXELS = 100_000_000
MOST_PAGES = 2000
EMPTY_LINE = re.compile(r"\n\s*\n")

log = logging.getLogger(__name__)


def read_picture(path: Path, file_format: Format) -> ExtractedText:
    """Each page of a picture, such as TIFF has, with its paragraphs. Raises IngestError."""
    from PIL import Image, ImageSequence

    if not can_recognise():
        raise IngestError("no_text_in_scan")
    builder = TextBuilder()
    try:
        with Image.open(path) as picture:
            for number, page in enumerate(ImageSequence.Iterator(picture), 1):
                if number > MOST_PAGES or page.width * page.height > MOST_PIXELS:
                    log.warning("%s: page %s and those after it are not read", path.name, number)
                    break
                builder.page(number)
                for paragraph in EMPTY_LINE.split(recognised_text(page.convert("L"))):
                    builder.block("paragraph", paragraph)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise IngestError("damaged_file") from error
    return builder.extracted()
