"""A mail as text: its fields, what was written, and what came with it under its name."""

import re
from collections.abc import Iterator

from documents.extracted_text import ExtractedText
from documents.extraction.readers.attachments import append_attachment
from documents.extraction.readers.mail.message import MailBody, MailMessage
from documents.extraction.readers.web.page import add_fragment
from documents.extraction.text_builder import TextBuilder

QUOTED = re.compile(r"^(?:> ?)+(?!From )", re.M)
BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


def compose_mail(mail: MailMessage) -> ExtractedText:
    builder = TextBuilder()
    append_mail(builder, mail)
    found = builder.extracted()
    return ExtractedText(
        text=found.text, headings=found.headings, blocks=found.blocks, marks=found.marks,
        metadata=mail.metadata, title=mail.subject, content_date=mail.sent,
    )  # fmt: skip


def append_mail(builder: TextBuilder, mail: MailMessage, depth: int = 0) -> None:
    """Append a mail; one inside another stands under its subject as heading, `depth` levels down.

    Attachments with text follow under their names. Those without are named; of images only those,
    since in mails they are mostly logos.
    """
    if depth:
        builder.block("heading", mail.subject or "E-mail", level=depth)
    elif mail.subject:
        builder.block("mail_field", mail.subject, label="Subject")
    for name, value in mail.fields:
        builder.block("mail_field", value, label=name)
    if names := ", ".join(one.name for one in mail.attachments if one.name):
        builder.block("mail_field", names, label="Attachments")
    for body in mail.bodies:
        append_body(builder, body)
    for inner in mail.forwarded:
        append_mail(builder, inner, depth + 1)
    for one in mail.attachments:
        if not one.is_image:
            append_attachment(
                builder, one.name, one.data, content_type=one.content_type, level=depth + 1
            )


def append_body(builder: TextBuilder, body: MailBody) -> None:
    if body.form == "html":
        add_fragment(builder, body.text)
        return
    text = body.text.replace("\r\n", "\n").replace("\r", "\n")
    for depth, run in _runs(text):
        whole = _unfolded(run) if body.form == "flowed" else run
        for paragraph in BLANK.split(whole):
            builder.block("quote" if depth else "paragraph", paragraph, level=depth)


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The text without its marks of quotation, cut where their number changes."""
    depth, lines = 0, list[str]()
    for line in text.split("\n"):
        marks = QUOTED.match(line)
        level = marks[0].count(">") if marks else 0
        if level != depth and lines:
            yield depth, "\n".join(lines)
            lines = []
        depth = level
        lines.append(line[marks.end() :] if marks else line)
    yield depth, "\n".join(lines)


def _unfolded(text: str) -> str:
    """RFC 3676: a line that ends with a space goes on in the next, but not "-- "."""
    return re.sub(r"(?m)(?<!^--) \n(?=\S)", " ", re.sub(r"(?m)^ (?=\S)", "", text))
