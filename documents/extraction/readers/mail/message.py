"""A mail as its reader sees it, whatever file it came in."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

# Messages within messages and parts within parts beyond this depth are left out.
MOST_DEPTH = 30
# Of less than this share of the words of another form of the same text, something is missing.
COMPLETE = 0.8

ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(r"[^\W_]+")

BodyForm = Literal["plain", "flowed", "html"]


@dataclass(frozen=True)
class MailBody:
    """A part of what was written; "flowed" is plain text whose lines end with soft breaks."""

    form: BodyForm
    text: str


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    data: bytes

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class MailMessage:
    """`fields` are shown above the text, in this order. `forwarded` are whole messages inside.

    `metadata` tells a thread: the ids of the message and of those that it answers.
    """

    subject: str
    fields: list[tuple[str, str]]
    bodies: list[MailBody] = field(default_factory=list)
    forwarded: list["MailMessage"] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    sent: date | None = None
    metadata: dict[str, str | list[str]] = field(default_factory=dict)


def word_count(text: str) -> int:
    """The number of words; addresses of links are none, which only the plain form spells out."""
    return len(WORD.findall(ADDRESS.sub(" ", text)))
