"""The text of a page's picture, by Tesseract where it is installed."""

import io
import logging
import shutil
from typing import Any

from documents.extraction.text_encoding import clean_text

DOTS_PER_INCH = 300
MOST_PIXELS = 20_000_000

log = logging.getLogger(__name__)


def recognised_text(page: Any) -> str:
    """What Tesseract reads on a page as it is drawn; nothing without Tesseract."""
    if shutil.which("tesseract") is None:
        return ""
    import kreuzberg

    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    image = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(image, "PNG")
    config = kreuzberg.ExtractionConfig(
        use_cache=False, ocr=kreuzberg.OcrConfig(backend="tesseract")
    )
    try:
        found = kreuzberg.extract_bytes_sync(image.getvalue(), "image/png", config=config)
    except kreuzberg.KreuzbergError as error:
        log.warning("A page was not recognised: %s", error)
        return ""
    return clean_text(str(found.content))
