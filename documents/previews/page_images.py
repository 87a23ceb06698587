"""Pictures of PDF pages, drawn in a child process when first asked for and kept on disk.

The folder of kept ones is named for the original's hash and goes when the original does. All of
them together take at most MOST_BYTES; those not looked at for longest go first.

Drawing holds few threads: one page is drawn, two may wait, others are refused at once, and a page
that could not be drawn is not tried again for FAILURE_SECONDS, by no process.
"""

import json
import os
import secrets
import shutil
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from documents import storage
from documents.errors import DrawingError
from documents.page_renderer import PageWord, RenderedPage, render_page
from documents.sandbox import SandboxedWorker, WorkerCrashed

PAGE_IMAGE_VERSION = 1
SECONDS = 10
REQUESTS = 3
FAILURE_SECONDS = 3600
MOST_BYTES = 512 * 1024**2
SWEEP_EVERY = 64

_child = SandboxedWorker(memory=2 * 1024**3)
_places = threading.BoundedSemaphore(REQUESTS)
_drawing = threading.Lock()


@dataclass(frozen=True)
class PageImage:
    """`image` is a WebP file of `width` by `height` pixels, in which the `words` stand."""

    image: Path
    width: int
    height: int
    words: tuple[PageWord, ...]


def page_image(sha256: str, number: int) -> PageImage:
    """Page `number`, from 1, of the original with this hash.

    Raises DrawingError with a message for the reader; it is not permanent where others are drawn
    just now.
    """
    image = storage.page_images_folder(sha256) / f"{number}-{PAGE_IMAGE_VERSION}.webp"
    kept = _kept(image)
    if kept:
        return kept
    if not _places.acquire(blocking=False):
        raise DrawingError("drawing_busy", permanent=False)
    try:
        with _drawing:  # whoever waited may find what it was waiting for
            return _kept(image) or _drawn(sha256, number, image)
    finally:
        _places.release()


def _kept(image: Path) -> PageImage | None:
    """Raises DrawingError where the page could not be drawn a while ago."""
    failure = image.with_suffix(".failed")
    try:
        if time.time() - failure.stat().st_mtime < FAILURE_SECONDS:
            code = failure.read_text("utf-8")
            raise DrawingError(code)
    except OSError:
        pass
    return _read(image)


def _read(image: Path) -> PageImage | None:
    try:
        about = json.loads(image.with_suffix(".json").read_text("utf-8"))
        os.utime(image)
    except (OSError, ValueError):
        return None
    words = tuple(PageWord(w["text"], tuple(map(tuple, w["boxes"]))) for w in about["words"])
    return PageImage(image, about["width"], about["height"], words)


def _drawn(sha256: str, number: int, image: Path) -> PageImage:
    original = storage.original_path(sha256)
    if not original.is_file():
        raise DrawingError("original_missing")
    try:
        drawn = _render(original, number)
    except DrawingError as error:
        if error.message.code != "no_such_page":
            _write(image.with_suffix(".failed"), error.message.code.encode())
        raise
    words = [asdict(word) for word in drawn.words]
    about = {"width": drawn.width, "height": drawn.height, "words": words}
    _write(image, drawn.image)
    _write(image.with_suffix(".json"), json.dumps(about).encode())
    if not original.is_file():  # deleted meanwhile, when there was nothing of it to delete yet
        shutil.rmtree(image.parent, ignore_errors=True)
        raise DrawingError("original_missing")
    if secrets.randbelow(SWEEP_EVERY) == 0:
        trim_page_images()
    return PageImage(image, drawn.width, drawn.height, drawn.words)


def _render(original: Path, number: int) -> RenderedPage:
    try:
        return _child.run(render_page, original, number, returns=RenderedPage, seconds=SECONDS)
    except TimeoutError as error:
        raise DrawingError("page_timeout") from error
    except WorkerCrashed as error:
        raise DrawingError("page_crashed") from error


def _write(path: Path, data: bytes) -> None:
    """All at once, so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{secrets.token_hex(8)}")
    making.write_bytes(data)
    making.replace(path)


def trim_page_images(most: int = MOST_BYTES) -> None:
    """Delete the pictures not looked at for longest, until the rest take at most `most` bytes."""
    found = []
    for image in (Path(settings.VAR_DIR) / "pages").rglob("*.webp"):
        try:
            size = image.stat().st_size + image.with_suffix(".json").stat().st_size
            found.append((image.stat().st_mtime, size, image))
        except OSError:  # deleted meanwhile
            continue
    total = sum(size for _, size, _ in found)
    for _, size, image in sorted(found):
        if total <= most:
            return
        image.with_suffix(".json").unlink(missing_ok=True)
        image.unlink(missing_ok=True)
        total -= size
