"""Which format a file has: its content decides; for a text, its name is evidence, too."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from documents.errors import IngestError
from documents.extraction.formats import PLAIN_TEXT, Format
from documents.extraction.probe import HEAD_BYTES, Probe
from documents.extraction.refusals import OLE, refusal_of_members, refusal_of_ole
from documents.extraction.text_encoding import is_binary
from documents.extraction.zip_bombs import opened_zip

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PARTS = "[Content_Types].xml"
LONGEST_PARTS = 1 << 20


def detect_format(
    path: Path, filename: str, content_type: str, formats: Sequence[Format]
) -> Format:
    """The one of `formats` that the file has. `content_type` is the one that its sender states.

    Raises IngestError, permanent, for an empty, damaged, protected or unsupported file.
    """
    with path.open("rb") as stream:
        probe = Probe(path, filename, stream.read(HEAD_BYTES), content_type)
    if not probe.head:
        raise IngestError("empty_file")
    for one in formats:
        if not one.is_text and _starts_as(one, probe):
            return one
    if probe.head.startswith(ZIP):
        return _in_zip(path, formats)
    if probe.head.startswith(OLE):
        raise IngestError(refusal_of_ole(path).code)
    if is_binary(probe.head):
        raise _unsupported(formats)
    if content_type == PLAIN_TEXT.content_type and probe.suffix == ".txt":
        # As the API sends texts, too; HTML is detected.
        pages = (one for one in formats if one.name == "html" and one.detect(probe))
        return next(pages, PLAIN_TEXT)
    return _of_text(probe, [one for one in formats if one.is_text])


def _starts_as(one: Format, probe: Probe) -> bool:
    return probe.head.startswith(one.magic) or one.detect(probe)


def _of_text(probe: Probe, formats: Sequence[Format]) -> Format:
    """The format that a detector recognises, else the one that suffix or stated type name, else
    the likeliest."""
    for one in formats:
        if one.detect(probe):
            return one
    open_ = [one for one in formats if one.guesser or not one.detector]
    named = [one for one in open_ if _has_suffix(one, probe.filename)]
    stated = [one for one in open_ if probe.content_type in one.mime_types]
    for one in (*named, *stated):
        if one.guess(probe, named=True):
            return one
    return next((one for one in open_ if one.guess(probe, named=False)), PLAIN_TEXT)


def _has_suffix(one: Format, filename: str) -> bool:
    return filename.lower().endswith(one.suffixes)


def _in_zip(path: Path, formats: Sequence[Format]) -> Format:
    with opened_zip(path) as archive:
        members = set(archive.namelist())
        content_type = _start(archive, "mimetype", 200).strip()
        parts = _start(archive, PARTS, LONGEST_PARTS)
    zipped = [one for one in formats if one.is_zip]
    for one in zipped:
        if one.zip_member in members:
            return one
    for one in zipped:  # the part itself may have any name
        if any(f"{mime}.main+xml".encode() in parts for mime in one.mime_types):
            return one
    for one in zipped:
        if content_type.decode("ascii", "replace") in one.mime_types:
            return one
    if message := refusal_of_members(members):
        raise IngestError(message.code)
    raise _unsupported(formats)


def _start(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a member, of which nobody knows yet to how much it unpacks."""
    try:
        with archive.open(name) as stream:
            return stream.read(size)
    except KeyError:
        return b""


def _unsupported(formats: Sequence[Format]) -> IngestError:
    return IngestError("unsupported_format", formats=[one.listed for one in formats if one.listed])
