"""The text of pictures, by Tesseract where it is installed."""

import io
import logging
import shutil
from typing import TYPE_CHECKING

from documents.extraction.text_encoding import clean_text

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)


def can_recognise() -> bool:
    return shutil.which("tesseract") is not None


def recognised_text(picture: "Image") -> str:
    """What Tesseract reads in a picture; nothing without Tesseract."""
    if not can_recognise():
        return ""
    import kreuzberg

    data = io.BytesIO()
    picture.save(data, "PNG")
    config = kreuzberg.ExtractionConfig(
        use_cache=False, ocr=kreuzberg.OcrConfig(backend="tesseract")
    )
    try:
        found = kreuzberg.extract_bytes_sync(data.getvalue(), "image/png", config=config)
    except kreuzberg.KreuzbergError as error:
        log.warning("A picture was not recognised: %s", error)
        return ""
    return clean_text(str(found.content))
