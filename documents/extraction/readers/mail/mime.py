"""Messages of the internet (RFC 5322 and MIME), as files of one message."""

import email
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.dates import content_date
from documents.extraction.formats import Format
from documents.extraction.readers.mail.charsets import decode_charset, header_text
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

# Of a long thread, the last messages are the nearest.
MOST_REFERENCES = 50
SHOWN = ("From", "To", "Cc", "Date")
SHOWN_AS_TEXT = ("text/plain", "text/html", "text/enriched", "text/richtext")
# What proves who wrote a message, stands for a text elsewhere, or is a slice of one.
SILENT = ("application/pgp-signature", "application/pkcs7-signature",
          "application/x-pkcs7-signature", "message/external-body", "message/partial")  # fmt: skip

if TYPE_CHECKING:
    Part = Message[str, str]


@dataclass
class _Content:
    """What the parts of a message hold, in their order."""

    bodies: list[MailBody] = field(default_factory=list)
    forwarded: list[MailMessage] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(
            word_count(html_text(body.text) if body.form == "html" else body.text)
            for body in self.bodies
        )


def read_mail(path: Path, file_format: Format) -> ExtractedText:
    return compose_mail(parse_mail(path.read_bytes()))


def parse_mail(data: bytes) -> MailMessage:
    """Raises IngestError for what is nested too deeply to be a mail."""
    try:
        return _message(email.message_from_bytes(data.removeprefix(b"\xef\xbb\xbf")), 0)
    except RecursionError as error:
        raise IngestError("damaged_file") from error


def parse_headers(text: str) -> MailMessage:
    """A message without its parts, from its header lines."""
    return _headed(email.message_from_string(text), _Content())


def _message(message: "Part", depth: int) -> MailMessage:
    content = _Content()
    _collect(message, content, depth)
    return _headed(message, content)


def _headed(message: "Part", content: _Content) -> MailMessage:
    headers: dict[str, list[str]] = {}
    for name, raw in message.raw_items():
        headers.setdefault(name.lower(), []).append(header_text(raw))
    named = {name: ", ".join(headers[name.lower()]) for name in SHOWN if name.lower() in headers}
    date = headers.get("date", [""])[0]
    return MailMessage(
        subject=headers.get("subject", [""])[0],
        fields=[(name, value) for name, value in named.items() if value],
        bodies=content.bodies,
        forwarded=content.forwarded,
        attachments=content.attachments,
        sent=content_date({"created_at": date}),
        metadata=dict(_thread(headers)),
    )


def _thread(headers: dict[str, list[str]]) -> Iterator[tuple[str, str | list[str]]]:
    """The headers by which programs tie messages together."""
    for name in ("message-id", "in-reply-to", "list-id"):
        if value := headers.get(name, [""])[0]:
            yield name.replace("-", "_"), value
    if references := " ".join(headers.get("references", [])).split():
        yield "references", references[-MOST_REFERENCES:]


def _collect(part: "Part", content: _Content, depth: int) -> None:
    """Add what `part` holds; parts that only programs read are left out."""
    kind = part.get_content_type()
    if depth > MOST_DEPTH or kind in SILENT:
        return
    if kind == "message/delivery-status":
        content.bodies.append(MailBody("plain", _status(_parts(part))))
    elif part.get_content_maintype() == "message" and part.is_multipart():
        content.forwarded += [_message(one, depth + 1) for one in _parts(part)]
    elif kind == "multipart/alternative" and part.is_multipart():
        _collect_best(part, content, depth)
    elif part.is_multipart():
        for one in _parts(part):
            _collect(one, content, depth + 1)
    else:
        _collect_leaf(part, kind, content)


def _collect_best(part: "Part", content: _Content, depth: int) -> None:
    """Of several forms of one text, the last is the best if it is not far less than another."""
    forms: list[_Content] = []
    for one in _parts(part):
        forms.append(_Content())
        _collect(one, forms[-1], depth + 1)
    if written := [form for form in forms if form.bodies]:
        most = max(form.words for form in written)
        best = next(form for form in reversed(written) if form.words >= COMPLETE * most)
        content.bodies += best.bodies
    for form in forms:
        content.forwarded += form.forwarded
        content.attachments += form.attachments


def _collect_leaf(part: "Part", kind: str, content: _Content) -> None:
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    name = header_text(_file_name(part))
    is_attached = part.get_content_disposition() == "attachment" or bool(name)
    is_text = kind in SHOWN_AS_TEXT or part.get_content_maintype() == "multipart"
    if is_text and not is_attached:
        content.bodies.append(_body(part, kind, data))
    elif not (part["Content-ID"] and kind.startswith("image/")):
        content.attachments.append(Attachment(name, kind, data))


def _file_name(part: "Part") -> str:
    try:
        return part.get_filename() or ""
    except ValueError:  # the parameter is written in an encoding that cannot be
        return ""


def _charset(part: "Part") -> str:
    try:
        return part.get_content_charset() or ""
    except ValueError:
        return ""


def _body(part: "Part", kind: str, data: bytes) -> MailBody:
    is_plain = kind == "text/plain" or part.get_content_maintype() == "multipart"
    text = decode_charset(data, _charset(part), markup=not is_plain)
    if not is_plain:
        return MailBody("html", text)
    is_flowed = str(part.get_param("format", "")).lower() == "flowed"
    return MailBody("flowed" if is_flowed else "plain", text)


def _status(parts: "Iterable[Part]") -> str:
    """Why a mail was not delivered, in the lines that servers write."""
    return "\n\n".join(
        "\n".join(f"{name}: {header_text(raw)}" for name, raw in one.raw_items()) for one in parts
    )


def _parts(part: "Part") -> "list[Part]":
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
