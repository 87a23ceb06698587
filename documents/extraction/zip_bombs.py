"""A check of ZIP archives, which office files are, before a library unpacks them."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from documents.errors import IngestError

MOST_UNPACKED = 512 * 1024 * 1024
MOST_RATIO = 150
RATIO_FROM = 20 * 1024 * 1024
MOST_MEMBERS = 20_000
BLOCK = 1 << 20
# What reading says of an archive that is damaged.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError,
    NotImplementedError,
)  # fmt: skip


def check_zip(path: Path) -> None:
    """Raises IngestError for an archive that unpacks to too much, or to other than it declares."""
    with opened_zip(path) as archive:
        members = archive.infolist()
        _check_declared(members, path.stat().st_size)
        for member in members:
            _check_real(archive, member)


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises IngestError for an archive or a member that is damaged or encrypted."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DAMAGED as error:
        raise IngestError("damaged_file") from error
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise IngestError("protected_file") from error


def _check_declared(members: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or total > MOST_UNPACKED
        or (total > RATIO_FROM and total > MOST_RATIO * size)
    ):
        raise IngestError("zip_bomb")


def _check_real(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read every member to its end: zipfile then checks size and checksum."""
    with archive.open(member) as stream:
        while stream.read(BLOCK):
            pass
