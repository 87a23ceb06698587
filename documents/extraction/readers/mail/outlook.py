"""Outlook's messages (MSG): properties of MAPI as streams of a compound file ([MS-OXMSG])."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.mail.charsets import decode_charset
from documents.extraction.readers.mail.composer import compose_mail
from documents.extraction.readers.mail.mail_html import html_text
from documents.extraction.readers.mail.message import (
    COMPLETE,
    MOST_DEPTH,
    Attachment,
    MailBody,
    MailMessage,
    word_count,
)
from documents.extraction.readers.mail.mime import parse_headers
from documents.extraction.text_encoding import clean_text

if TYPE_CHECKING:
    from olefile import OleFileIO

PROPERTIES = "__properties_version1.0"
ATTACHED, EMBEDDED = "__attach_version1.0_", "__substg1.0_3701000D"
UNICODE, ANSI, BINARY = "001F", "001E", "0102"

SUBJECT, SENT, HEADERS, RECEIVED = "0037", "0039", "007D", "0E06"
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = "0C1A", "0C1F", "5D01"
TO, CC, BODY, HTML, MESSAGE_ID, ANSWERED = "0E04", "0E03", "1000", "1013", "1035", "1042"
FILE_NAME, SHORT_NAME, SHOWN_NAME, DATA, MIME_TYPE, CONTENT_ID = (
    "3707", "3704", "3001", "3701", "370E", "3712",
)  # fmt: skip
INTERNET_CODEPAGE, MESSAGE_CODEPAGE = "3FDE", "3FFD"
CODEPAGES = {65001: "utf-8", 20127: "ascii", 28591: "cp1252", 50220: "iso2022_jp_ext",
             50221: "iso2022_jp_ext", 50222: "iso2022_jp_ext", 51932: "euc_jp", 51949: "cp949",
             20866: "koi8-r", 1200: "utf-16-le"}  # fmt: skip
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def read_outlook(path: Path, file_format: Format) -> ExtractedText:
    """Raises IngestError for a damaged file."""
    from olefile import OleFileIO

    try:
        with OleFileIO(path) as file:
            return compose_mail(_Storage(file, ()).message(0))
    except (OSError, ValueError, LookupError, struct.error, OverflowError, RecursionError) as error:
        raise IngestError("damaged_file") from error


@dataclass(frozen=True)
class _Storage:
    """A folder of the compound file: a message or an attachment."""

    file: "OleFileIO"
    path: tuple[str, ...]

    def message(self, depth: int) -> MailMessage:
        mail = parse_headers(self.text(HEADERS))
        sender = _sender(self.text(SENDER_NAME), self.text(SENDER_SMTP, SENDER_ADDRESS))
        sent = self.time(SENT) or self.time(RECEIVED)
        own = {"From": sender, "To": self.text(TO), "Cc": self.text(CC),
               "Date": format_datetime(sent) if sent else ""}  # fmt: skip
        shown = own | dict(mail.fields)
        ids = {"message_id": self.text(MESSAGE_ID), "in_reply_to": self.text(ANSWERED)}
        attached = list(self.attachments()) if depth < MOST_DEPTH else []
        return replace(
            mail,
            subject=self.text(SUBJECT) or mail.subject,
            fields=[(name, value) for name, value in shown.items() if value],
            bodies=self.bodies(),
            forwarded=[one.message(depth + 1) for one in attached if isinstance(one, _Storage)],
            attachments=[one for one in attached if isinstance(one, Attachment)],
            sent=mail.sent or (sent.date() if sent else None),
            metadata={**{name: value for name, value in ids.items() if value}, **mail.metadata},
        )

    def bodies(self) -> list[MailBody]:
        """The HTML if it says what the plain text says, else the plain text."""
        plain, page = self.text(BODY), self.markup
        if page and word_count(html_text(page)) >= COMPLETE * word_count(plain):
            return [MailBody("html", page)]
        return [MailBody("plain", plain)] if plain else []

    def attachments(self) -> "Iterator[Attachment | _Storage]":
        """Files and messages; pictures that the text shows are left out."""
        at, here = len(self.path), [*self.path]
        names = {one[at] for one in self.file.listdir() if one[:at] == here}
        for name in sorted(name for name in names if name.startswith(ATTACHED)):
            storage = _Storage(self.file, (*self.path, name))
            if self.file.exists([*storage.path, EMBEDDED]):
                yield _Storage(self.file, (*storage.path, EMBEDDED))
                continue
            called = storage.text(FILE_NAME, SHORT_NAME, SHOWN_NAME)
            found = Attachment(called, storage.text(MIME_TYPE), storage.stream(DATA, BINARY))
            if not (storage.text(CONTENT_ID) and found.is_image):
                yield found

    @property
    def markup(self) -> str:
        data = self.stream(HTML, BINARY)
        charset = self._codepage(INTERNET_CODEPAGE)
        return decode_charset(data, charset, markup=True) if data else self.text(HTML)

    def text(self, *names: str) -> str:
        """The first of these properties that is there, as text."""
        for name in names:
            if data := self.stream(name, UNICODE):
                return clean_text(data.decode("utf-16-le", "replace"))
            if data := self.stream(name, ANSI):
                charset = self._codepage(MESSAGE_CODEPAGE) or self._codepage(INTERNET_CODEPAGE)
                return clean_text(decode_charset(data, charset))
        return ""

    def stream(self, name: str, kind: str) -> bytes:
        path = [*self.path, f"__substg1.0_{name}{kind}"]
        return bytes(self.file.openstream(path).read()) if self.file.exists(path) else b""

    def time(self, name: str) -> datetime | None:
        """A property of 100 nanoseconds since 1601."""
        raw = self.numbers.get(int(name + "0040", 16))
        try:
            return EPOCH + timedelta(microseconds=raw // 10) if raw else None
        except OverflowError:
            return None

    def _codepage(self, name: str) -> str:
        number = self.numbers.get(int(name + "0003", 16), 0) & 0xFFFFFFFF
        return CODEPAGES.get(number, f"cp{number}" if number else "")

    @cached_property
    def numbers(self) -> dict[int, int]:
        """Properties of a fixed size by their tags; those of messages inside have no codepage."""
        path = [*self.path, PROPERTIES]
        data = self.file.openstream(path).read() if self.file.exists(path) else b""
        header = 32 if not self.path else 24 if self.path[-1] == EMBEDDED else 8
        body = data[header : header + (len(data) - header) // 16 * 16]
        return {tag: value for tag, _, value in struct.iter_unpack("<IIQ", body)}


def _sender(name: str, address: str) -> str:
    """Without the address in a directory that only its own server knows."""
    if "@" not in address or address == name:
        return name or address
    return f"{name} <{address}>" if name else address
