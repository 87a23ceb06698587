"""Which events of the audit log are asked for."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date

from documents.auth import find_events
from documents.models import AuditEvent


@dataclass(frozen=True)
class EventListParams:
    """One view of the audit log. A value in the address that means nothing is passed over."""

    action: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    page: int = 1

    @classmethod
    def read(cls, get: QueryDict) -> Self:
        action, page = get.get("action", ""), get.get("page", "")
        return cls(
            action=action if action in AuditEvent.Action.values else "",
            actor=_words(get.get("actor", "")),
            since=_day(get.get("since", "")),
            until=_day(get.get("until", "")),
            text=_words(get.get("text", "")),
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        )

    def events(self) -> QuerySet[AuditEvent]:
        return find_events(
            action=self.action,
            actor=self.actor,
            since=self.since,
            until=self.until,
            text=self.text,
        )

    @property
    def query(self) -> str:
        """The part of an address after the question mark, without the page."""
        values = {
            "action": self.action,
            "actor": self.actor,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "text": self.text,
        }
        return urlencode({name: value for name, value in values.items() if value})

    def url_for_page(self, page: int) -> str:
        asked = [part for part in (self.query, f"page={page}" if page > 1 else "") if part]
        return f"{reverse('audit')}?{'&'.join(asked)}" if asked else reverse("audit")

    @property
    def narrowed(self) -> bool:
        return self != replace(type(self)(), page=self.page)


def _words(text: str) -> str:
    return text.replace("\0", "").strip()[:200]


def _day(text: str) -> date | None:
    """Of a year that dates of the database reach with a day to spare."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 1900 <= found.year < 9999 else None
