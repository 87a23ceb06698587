"""The date that a file states in its own metadata."""

from collections.abc import Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

UNSET = date(1970, 1, 1)  # what a program writes that knows no time


def content_date(metadata: Mapping[str, Any]) -> date | None:
    """The date of publication, sending or creation that a file states, or None."""
    tags = metadata.get("meta_tags") or {}
    named = (tags.get("article-published_time"), tags.get("date"), metadata.get("created_at"))
    days = (_day(str(text)) for text in named if text)
    return next((day for day in days if day and day != UNSET), None)


def _day(text: str) -> date | None:
    """The day of a date in ISO 8601 or in the form of mails, in its own time zone."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
