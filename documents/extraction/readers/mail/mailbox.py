"""Mailboxes (MBOX): messages in one file, each after a line that starts with "From "."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.mail.composer import append_mail, compose_mail
from documents.extraction.readers.mail.mime import parse_mail
from documents.extraction.text_builder import TextBuilder

# It names a year, an empty line is before it, and a header after it: others are someone's words.
DELIMITER = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))"
    rb"From [^\r\n]{0,300}\d\d:\d\d[^\r\n]{0,60} \d{4}\b[^\r\n]{0,100}\r?\n"
    rb"(?=[!-9;-~]+:|>From |\r?\n)"
)
ESCAPED = re.compile(rb"^>(?=>*From )", re.M)


def read_mailbox(path: Path, file_format: Format) -> ExtractedText:
    """Every message under its subject as heading; a mailbox of one is read as that mail."""
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    messages = [parse_mail(one) for one in split_mailbox(data)] or [parse_mail(data)]
    if len(messages) == 1:
        return compose_mail(messages[0])
    builder = TextBuilder()
    for message in messages:
        append_mail(builder, message, 1)
    days = [message.sent for message in messages if message.sent]
    return replace(builder.extracted(), content_date=max(days, default=None))


def split_mailbox(data: bytes) -> Iterator[bytes]:
    """The messages, with the lines of their texts as they were before they were put there."""
    starts = list(DELIMITER.finditer(data))
    ends = [*(one.start() for one in starts[1:]), len(data)]
    for start, end in zip(starts, ends, strict=False):  # without a start, there is no message
        yield ESCAPED.sub(b"", data[start.end() : end])
