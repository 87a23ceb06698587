"""What an OLE file or an archive is, and why one of a known kind that has no reader is refused."""

import struct
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from documents.extraction.probe import Probe
from documents.messages import Message

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_WORD = Message("old_word_file")
OLD_EXCEL = Message("old_excel_file")
# The names of streams that files of each kind hold, in the order in which they tell: a document
# of Word may hold a sheet of Excel.
STREAMS = (
    ("EncryptedPackage", Message("protected_file")),
    ("PowerPoint Document", Message("old_powerpoint_file")),
    ("WordDocument", OLD_WORD),
    ("Workbook", OLD_EXCEL),
    ("Book", OLD_EXCEL),
)
MEMBERS = (
    ("Index/Document.iwa", Message("apple_office_file")),
    ("Index.zip", Message("apple_office_file")),
    ("index.apxl", Message("apple_office_file")),
)
OTHER = Message("old_office_file")
MAPI_PROPERTIES = "__properties_version1.0"
NAMES_FROM, ENTRY = 0x30, 128


def is_old_word_file(probe: Probe) -> bool:
    return probe.head.startswith(OLE) and refusal_of_ole(probe.path) == OLD_WORD


def is_old_workbook(probe: Probe) -> bool:
    return probe.head.startswith(OLE) and refusal_of_ole(probe.path) == OLD_EXCEL


def is_outlook(probe: Probe) -> bool:
    """Whether a compound file has the stream of properties that every message has."""
    return probe.head.startswith(OLE) and MAPI_PROPERTIES in root_names(probe.path)


def refusal_of_ole(path: Path) -> Message:
    """What an OLE file is by the streams of its root: an old Office file, or an encrypted one."""
    names = {name.lower() for name in root_names(path)}
    for name, message in STREAMS:
        if name.lower() in names:
            return message
    if MAPI_PROPERTIES in names:  # what a message holds may be an old Office file
        return OTHER
    data = path.read_bytes()
    places = {data.find(name.encode("utf-16-le")): message for name, message in STREAMS}
    return places.get(min((place for place in places if place > 0), default=0), OTHER)


def refusal_of_members(members: Collection[str]) -> Message | None:
    """What a ZIP archive is by its members, if it is of a kind that is known and not read."""
    return next((message for name, message in MEMBERS if name in members), None)


def root_names(path: Path) -> list[str]:
    """The names of the streams and folders in the root of an OLE file; of one whose directory
    cannot be followed, those in the first sector of it.

    MS-CFB 2.2 and 2.6.
    """
    from olefile import OleFileIO

    found: list[str] = []
    with (
        suppress(OSError, ValueError, LookupError, struct.error, RecursionError, AttributeError),
        OleFileIO(path) as file,
    ):
        found = [str(one.name) for one in file.root.kids]
    return found or list(_first_names(path.read_bytes()))


def _first_names(data: bytes) -> Iterator[str]:
    shift = int.from_bytes(data[0x1E:0x20], "little")
    start = int.from_bytes(data[NAMES_FROM : NAMES_FROM + 4], "little")
    if shift not in (9, 12):
        return
    at = (start + 1) << shift
    for place in range(at, at + (1 << shift), ENTRY):
        entry = data[place : place + ENTRY]
        if len(entry) == ENTRY:
            size = max(int.from_bytes(entry[64:66], "little") - 2, 0)
            yield entry[:size].decode("utf-16-le", "ignore")
