"""Labels of formats, languages and dates in the reader's language."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django import template
from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from documents.extraction import format_label, format_of
from frontend.messages import translate_message

# The first that stands in a user agent counts: later ones are in the user agents of others.
BROWSERS = {
    "Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome",
    "Safari/": "Safari", "curl/": "curl",
}  # fmt: skip
SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
    "Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip

register = template.Library()
register.filter("message", translate_message)


@register.filter
def type_label(type_: str) -> str:
    """`pdf` becomes "PDF", `csv` "Table (CSV)"."""
    label = format_label(type_)
    return gettext(label) if label else ""


@register.filter
def type_icon(type_: str) -> str:
    """The symbol of a format in formats.svg."""
    return format_of(type_).icon


@register.filter
def language_label(code: str) -> str:
    """`en` becomes "English"; an unknown code stays as it is."""
    known = LANG_INFO.get(code.lower(), {}).get("name")
    return gettext(known) if known else code


@register.filter
def browser_label(user_agent: str) -> str:
    """`Mozilla/5.0 (X11; Linux x86_64) ... Chrome/141.0 Safari/537.36` becomes "Chrome, Linux"."""
    names = [
        next((name for sign, name in known.items() if sign in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, names)) or gettext("An unknown browser")


@register.filter
def day(at: date | None) -> str:
    """21 Nov 2026"""
    return _formatted(at, pgettext("a date", "j M Y"))


@register.filter
def day_of_year(at: date | None) -> str:
    """21 Nov"""
    return _formatted(at, pgettext("a date", "j M"))


@register.filter
def moment(at: date | None) -> str:
    """21 Nov 2026, 14:30"""
    return _formatted(at, pgettext("a date", "j M Y, H:i"))


@register.filter
def audit_details(details: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and values of what an audit event says beyond the old and the new value; none that is
    empty. The export has them all as they are."""
    rest = {name: value for name, value in details.items() if name not in ("old", "new")}
    return [(name.replace("_", " "), _plain(value)) for name, value in rest.items() if value]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if value is True:
        return gettext("yes")
    with suppress(ValueError):
        return moment(parse_datetime(str(value))) or str(value)
    return str(value)


def _formatted(at: date | None, form: str) -> str:
    if not at:
        return ""
    return date_format(timezone.localtime(at) if isinstance(at, datetime) else at, form)
