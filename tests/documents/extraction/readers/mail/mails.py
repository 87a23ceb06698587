"""How tests of the readers of mails read, and what they see."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction.formats import FORMATS
from documents.extraction.parsers import parse_file

Read = Callable[..., ExtractedText]


def read_in(folder: Path) -> Read:
    def read(data: bytes, name: str = "a.eml") -> ExtractedText:
        path = folder / "original"
        path.write_bytes(data)
        return parse_file(SourceFile(path, name), 10**7, tuple(FORMATS.values()))

    return read


def shown(found: ExtractedText) -> list[tuple[str, str]]:
    return [(block.kind, found.text[block.start : block.end]) for block in found.blocks]


def body(found: ExtractedText) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in shown(found) if kind != "mail_field"]


def mail(subject: str = "Tides") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Ann <ann@example.org>",
        "bob@x.org",
        subject,
    )
    return message
