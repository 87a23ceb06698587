"""What kind of document a file is, by its content."""

import csv
import json
import re
import zipfile
from pathlib import Path, PurePosixPath

from documents.decoding import decode, is_binary
from documents.errors import IngestError
from documents.types import BY_TYPE, PLAIN_SUFFIXES, Kind

HEAD = 64 * 1024
MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MEMBERS = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
}
ZIP_MIMES = {b"application/epub+zip": "epub", b"application/vnd.oasis.opendocument.text": "odt"}
HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
MAIL_HEADER = re.compile(
    r"^(from|to|subject|date|received|message-id|mime-version|return-path):", re.I
)
HEADER_LINE = re.compile(r"^[!-9;-~]+:|^[ \t]")
MARKDOWN = re.compile(r"^(#{1,6} \S|```|[-*] \S.*\n[-*] \S)|\[[^\]\n]+\]\([^)\n]+\)", re.M)

TAKEN = "PDF, Word, PowerPoint, Excel, ODT, RTF, EPUB, HTML, Markdown, text, CSV, JSON or e-mail"
DAMAGED = "The file is damaged or was cut short, so it cannot be opened. Upload a complete copy."
PROTECTED = "The file is protected by a password. Remove the password and upload it again."
UNKNOWN = f"This kind of file is not supported. Upload {TAKEN}."
OLD = "Old Office files (DOC, XLS, PPT) are not supported. Save it as DOCX, XLSX or PPTX."


def sniff(path: Path, filename: str, mime: str = "") -> Kind:
    """The kind of a file; its name decides only among kinds of plain text.

    Raises IngestError, permanent, for an empty, damaged, protected or unsupported file.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        raise IngestError("The file is empty.")
    if b"%PDF-" in head[:1024]:
        return BY_TYPE["pdf"]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return BY_TYPE[_in_zip(path)]
    if head.startswith(OLD_OFFICE):
        raise IngestError(PROTECTED if _encrypted(path) else OLD)
    for magic, name in MAGIC:
        if head.startswith(magic):
            return BY_TYPE[name]
    if is_binary(head):
        raise IngestError(UNKNOWN)
    if HTML.search(head[:2048]):
        return BY_TYPE["html"]
    return BY_TYPE["txt"] if mime == "text/plain" else BY_TYPE[_plain(path, head, filename)]


def _in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mime = archive.read("mimetype").strip()[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise IngestError(DAMAGED) from error
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise IngestError(PROTECTED) from error
    for member, name in ZIP_MEMBERS.items():
        if member in names:
            return name
    if mime in ZIP_MIMES:
        return ZIP_MIMES[mime]
    raise IngestError(UNKNOWN)


def _encrypted(path: Path) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def _plain(path: Path, head: bytes, filename: str) -> str:
    text = decode(head)
    named = PLAIN_SUFFIXES.get(PurePosixPath(filename).suffix.lower(), "")
    if text.lstrip()[:1] in ("{", "[") and _is_json(path):
        return "json"
    if _is_mail(text):
        return "eml"
    if named == "csv":
        return "csv" if _rows(text, at_least=1) else "txt"
    if named in ("md", "txt"):
        return named
    if _rows(text, at_least=3):
        return "csv"
    return "md" if len(MARKDOWN.findall(text)) > 1 else "txt"


def _is_json(path: Path) -> bool:
    try:
        json.loads(decode(path.read_bytes()))
    except (ValueError, RecursionError):
        return False
    return True


def _is_mail(text: str) -> bool:
    """Header lines up to the first empty one, at least two of those that every mail has."""
    known = set()
    for line in text.lstrip("\r\n").splitlines():
        if not line.strip():
            break
        if not HEADER_LINE.match(line):
            return False
        if match := MAIL_HEADER.match(line):
            known.add(match[1].lower())
    return len(known) >= 2


def dialect_of(text: str) -> type[csv.Dialect]:
    """How the values of a table are set apart and quoted. Raises csv.Error where nothing tells."""
    return csv.Sniffer().sniff("\n".join(text.splitlines()[:20]), delimiters=",;\t|")


def _rows(text: str, at_least: int) -> bool:
    """Whether the first lines are rows of as many short cells each, and at least so many."""
    lines = text.splitlines()[:20]
    try:
        rows = [row for row in csv.reader(lines, dialect_of(text)) if row]
    except csv.Error:
        return False
    widths = {len(row) for row in (rows[:-1] if len(lines) == 20 else rows)}
    cells = [cell for row in rows for cell in row]
    short = sum(len(cell) for cell in cells) < 60 * len(cells)
    return len(rows) >= at_least and len(widths) == 1 and widths.pop() > 1 and short
