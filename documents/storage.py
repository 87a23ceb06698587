"""The store of originals: each content is stored once, under the hash of its bytes."""

import hashlib
import os
import re
import secrets
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse

from documents.durability import sync_folder
from documents.errors import IntakeError, StorageFull
from documents.models import Document

BLOCK = MEGABYTE = 1 << 20
LONGEST_NAME = 255
# The age of files that no running upload can still be writing.
LEFT_SECONDS = 24 * 3600


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Draft:
    """A complete copy on disk that is not under its final name yet."""

    path: Path
    sha256: str
    size: int


def original_path(sha256: str) -> Path:
    return Path(settings.ORIGINALS_DIR) / sha256[:2] / sha256


def page_images_folder(sha256: str) -> Path:
    """The folder of the images of an original's pages (`documents.previews`)."""
    return Path(settings.VAR_DIR) / "pages" / sha256[:2] / sha256


def open_original(document: Document) -> BinaryIO:
    """The original's bytes. Raises FileNotFoundError."""
    return original_path(document.content_hash).open("rb")


def download_response(document: Document) -> FileResponse:
    """A response with the original's bytes that no browser runs in our origin.

    Raises FileNotFoundError.
    """
    response = FileResponse(
        open_original(document),
        as_attachment=True,
        filename=document.filename or f"{document.pk}.txt",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def safe_name(name: str) -> str:
    """The last part of a name without control characters, at most 255 characters, never empty."""
    last = re.split(
        r"[/\\]", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    )
    clean = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in last[-1])
    clean = " ".join(clean.split()).strip(". ")
    stem, dot, suffix = clean.rpartition(".")
    if len(clean) > LONGEST_NAME and dot and len(suffix) < 20:
        clean = f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return clean[:LONGEST_NAME] or "unnamed"


def check_free_space(needed: int = 0) -> None:
    """Raises StorageFull where less than DISK_RESERVE_MB would stay free after `needed` bytes.

    The database and the queue are often on the same disk, and must not be the first to stop.
    """
    folder = Path(settings.ORIGINALS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    free = (shutil.disk_usage(folder).free - needed) // MEGABYTE
    if free < settings.DISK_RESERVE_MB:
        raise StorageFull("disk_reserve", free=max(0, free), reserve=settings.DISK_RESERVE_MB)


def write_draft(stream: Readable) -> Draft:
    """Copy `stream` to disk, hashing it on the way.

    Raises IntakeError when it is larger than MAX_UPLOAD_MB, before reading all of it, and
    StorageFull, an error of the disk that is not the sender's.
    """
    path = Path(settings.ORIGINALS_DIR) / f".draft-{secrets.token_hex(8)}"
    try:
        check_free_space()
        with path.open("xb") as target:
            found = _copy(stream, target, path)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StorageFull("disk_full") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return found


def _copy(stream: Readable, target: BinaryIO, path: Path) -> Draft:
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        size += len(block)
        if size > settings.MAX_UPLOAD_MB * 1024 * 1024:
            raise IntakeError("file_too_large", megabytes=settings.MAX_UPLOAD_MB)
        digest.update(block)
        target.write(block)
    return Draft(path, digest.hexdigest(), size)


def commit_draft(found: Draft) -> None:
    """Move a draft to its final name; call inside the transaction that stores its document."""
    _lock(found.sha256)
    final = original_path(found.sha256)
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():
        found.path.unlink()
        return
    found.path.replace(final)
    sync_folder(final.parent)


def discard_draft(found: Draft) -> None:
    found.path.unlink(missing_ok=True)


@transaction.atomic
def delete_unused_original(sha256: str) -> None:
    """Delete an original that no document has, and the images of its pages."""
    _lock(sha256)
    if not Document.objects.filter(content_hash=sha256).exists():
        original_path(sha256).unlink(missing_ok=True)
        shutil.rmtree(page_images_folder(sha256), ignore_errors=True)


def delete_stale_originals() -> int:
    """Delete the files that killed uploads left a day ago or earlier; returns how many."""
    before = time.time() - LEFT_SECONDS
    folder, uploads = Path(settings.ORIGINALS_DIR), Path(settings.FILE_UPLOAD_TEMP_DIR)
    drafts = [path for path in (*folder.glob(".draft-*"), *uploads.glob("*")) if _old(path, before)]
    for path in drafts:
        path.unlink(missing_ok=True)
    unused = 0
    for part in folder.glob("??"):
        hashes = [path.name for path in part.iterdir() if _old(path, before)]
        used = Document.objects.filter(content_hash__in=hashes)
        for sha256 in set(hashes).difference(used.values_list("content_hash", flat=True)):
            delete_unused_original(sha256)
            unused += 1
    return len(drafts) + unused


def _old(path: Path, before: float) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime < before
    except FileNotFoundError:  # it went meanwhile
        return False


def _lock(sha256: str) -> None:
    """Serialize storing and deleting of one content until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])
