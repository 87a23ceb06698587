"""Which format a file has, by its content; its name decides only among plain texts."""

import csv
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from documents.errors import IngestError
from documents.extraction.formats import PLAIN_TEXT, Format
from documents.extraction.text_encoding import decode_text, is_binary

HEAD = 64 * 1024
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
MAIL_HEADER = re.compile(
    r"^(from|to|subject|date|received|message-id|mime-version|return-path):", re.I
)
HEADER_LINE = re.compile(r"^[!-9;-~]+:|^[ \t]")
MARKDOWN = re.compile(r"^(#{1,6} \S|```|[-*] \S.*\n[-*] \S)|\[[^\]\n]+\]\([^)\n]+\)", re.M)


@dataclass(frozen=True)
class Probe:
    """What a detector looks at: the first bytes of a file, and all of it where it must."""

    path: Path
    filename: str
    head: bytes

    @cached_property
    def text(self) -> str:
        """The first bytes as text."""
        return decode_text(self.head)

    @cached_property
    def suffix(self) -> str:
        return PurePosixPath(self.filename).suffix.lower()


def detect_format(
    path: Path, filename: str, content_type: str, formats: Sequence[Format]
) -> Format:
    """The one of `formats` that the file has. `content_type` is what its sender says that it is.

    Raises IngestError, permanent, for an empty, damaged, protected or unsupported file.
    """
    with path.open("rb") as stream:
        probe = Probe(path, filename, stream.read(HEAD))
    if not probe.head:
        raise IngestError("empty_file")
    for one in formats:
        if not one.is_text and _starts_as(one, probe):
            return one
    if probe.head.startswith(ZIP):
        return _in_zip(path, formats)
    if probe.head.startswith(OLD_OFFICE):
        raise IngestError("protected_file" if _encrypted(path) else "old_office_file")
    if is_binary(probe.head):
        raise _unsupported(formats)
    if content_type == PLAIN_TEXT.content_type:  # sent as a text, which it is unless it is a page
        pages = (one for one in formats if one.name == "html" and one.detect(probe))
        return next(pages, PLAIN_TEXT)
    return _of_text(probe, [one for one in formats if one.is_text])


def _starts_as(one: Format, probe: Probe) -> bool:
    return probe.head.startswith(one.magic) or one.detect(probe)


def _of_text(probe: Probe, formats: Sequence[Format]) -> Format:
    """What the content shows for certain, else what the name says, else what is likely."""
    for one in formats:
        if one.detect(probe):
            return one
    named = [one for one in formats if probe.suffix in one.suffixes and not one.detector]
    for one in named:
        if one.guess(probe, named=True):
            return one
    return next((one for one in formats if one.guess(probe, named=False)), PLAIN_TEXT)


def _in_zip(path: Path, formats: Sequence[Format]) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
            content_type = archive.read("mimetype").strip()[:200] if "mimetype" in members else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise IngestError("damaged_file") from error
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise IngestError("protected_file") from error
    zipped = [one for one in formats if one.is_zip]
    for one in zipped:
        if one.zip_member in members:
            return one
    for one in zipped:
        if content_type.decode("ascii", "replace") in one.mime_types:
            return one
    raise _unsupported(formats)


def _unsupported(formats: Sequence[Format]) -> IngestError:
    return IngestError("unsupported_format", formats=[one.listed for one in formats if one.listed])


def _encrypted(path: Path) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def is_pdf(probe: Probe) -> bool:
    return b"%PDF-" in probe.head[:1024]


def is_html(probe: Probe) -> bool:
    return bool(HTML.search(probe.head[:2048]))


def is_json(probe: Probe) -> bool:
    if probe.text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(decode_text(probe.path.read_bytes()))
    except (ValueError, RecursionError):
        return False
    return True


def is_mail(probe: Probe) -> bool:
    """Header lines up to the first empty one, at least two of those that every mail has."""
    known = set()
    for line in probe.text.lstrip("\r\n").splitlines():
        if not line.strip():
            break
        if not HEADER_LINE.match(line):
            return False
        if match := MAIL_HEADER.match(line):
            known.add(match[1].lower())
    return len(known) >= 2


def may_be_markdown(probe: Probe, named: bool) -> bool:
    return named or len(MARKDOWN.findall(probe.text)) > 1


def may_be_table(probe: Probe, named: bool) -> bool:
    """Rows of as many short cells each: one is enough in a file that is named as a table."""
    return _rows(probe.text) >= (1 if named else 3)


def csv_dialect(text: str) -> type[csv.Dialect]:
    """How the values of a table are set apart and quoted. Raises csv.Error where nothing tells."""
    return csv.Sniffer().sniff("\n".join(text.splitlines()[:20]), delimiters=",;\t|")


def _rows(text: str) -> int:
    """How many of the first lines are rows of as many short cells each, or 0 if one is not."""
    lines = text.splitlines()[:20]
    try:
        rows = [row for row in csv.reader(lines, csv_dialect(text)) if row]
    except csv.Error:
        return 0
    widths = {len(row) for row in (rows[:-1] if len(lines) == 20 else rows)}
    cells = [cell for row in rows for cell in row]
    short = sum(len(cell) for cell in cells) < 60 * len(cells)
    return len(rows) if len(widths) == 1 and widths.pop() > 1 and short else 0
