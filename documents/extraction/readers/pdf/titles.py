"""What a PDF says of itself: title, author, date. Programs fill in much that says nothing."""

import re
from collections.abc import Mapping
from datetime import date

from documents.extraction.dates import content_date
from documents.extraction.text_encoding import clean_text

NOTHING = re.compile(
    r"\W*(untitled|anonymous|unspecified|unknown|document|title|author|no title|none|null|"
    r"powerpoint presentation|presentation|slide \d+|untitled[- ]?\d*|print|microsoft word|user|"
    r"owner|administrator|admin|default|test)?\d*\W*",
    re.I,
)
PROGRAM = re.compile(r"^(microsoft (word|powerpoint|excel)|adobe \w+) - ", re.I)
FILE_NAME = re.compile(
    r"\.(docx?|pdf|odt|rtf|tex|dvi|pptx?|xlsx?|indd|qxd|pmd?|txt|html?|fm|p65)$", re.I
)


def stated(text: str | None) -> str:
    """A title or name, or nothing where a program only filled the field."""
    said = " ".join(clean_text(text or "").split())
    return "" if NOTHING.fullmatch(said) else said


def stated_title(text: str | None) -> str:
    said = stated(PROGRAM.sub("", text or ""))
    is_file = FILE_NAME.search(said) or ("/" in said and " " not in said) or "\\" in said
    return "" if is_file or (" " not in said and "_" in said) else said


def stated_metadata(info: Mapping[str, str]) -> dict[str, str | list[str]]:
    author, subject = stated(info.get("Author")), stated(info.get("Subject"))
    words = [stated(word) for word in re.split(r"[,;]", info.get("Keywords") or "")]
    keywords = [word for word in words if word]
    found: dict[str, str | list[str]] = {}
    if author:
        found["author"] = author
    if subject:
        found["subject"] = subject
    if keywords:
        found["keywords"] = keywords
    return found


def stated_date(info: Mapping[str, str]) -> date | None:
    """The day of creation, else of the last change: `D:20240304100000+01'00'`."""
    for name in ("CreationDate", "ModDate"):
        digits = re.sub(r"\D", "", info.get(name) or "")[:8]
        iso = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
        if found := content_date({"created_at": iso}):
            return found
    return None
