"""What of a page is not its subject: navigation, headers and footers, cookie banners, hidden text.

A false alarm keeps a part of the page from being found, so each rule asks for strong signs.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from documents.extracted_text import BlockKind

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Attributes = Mapping[str, str | None]

NAVIGATION_ROLES = ("navigation", "menu", "menubar", "search", "toolbar")
NAVIGATION_NAME = re.compile(
    r"(^|[\s_-])(nav|navbar|navigation|menu|menus|breadcrumbs?|pagination|pager|sidebar|skip"
    r"|skiplinks?|sitemap|social|share|sharing|related|languages?)([\s_-]|$)", re.I,
)  # fmt: skip
FOOTER_NAME = re.compile(r"^(page|site|global|main)?[_-]?footer$", re.I)
COOKIE_NAME = re.compile(
    r"cookie[\w-]*(banner|bar|notice|consent|law|popup|modal|message|overlay|dialog|alert|info)"
    r"|(^|[\s_-])(consent|gdpr|ccpa|cc-window|cc-banner|cmp)([\s_-]|$)|onetrust|cookiebot", re.I,
)  # fmt: skip
COOKIES = re.compile(r"cookie|consent", re.I)
LONGEST_BANNER = 4000
LONGEST_FURNITURE = 3000
LINKED_SHARE = 0.6
MOST_UNLINKED = 300
FEWEST_LINKS = 3

HIDDEN_STYLE = re.compile(
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*(hidden|collapse)"
    r"|font-size\s*:\s*0(\.0+)?(?![.\d])|opacity\s*:\s*0(\.0+)?(?![.\d])"
    r"|(left|right|top|text-indent|margin-left)\s*:\s*-\d{4,})", re.I,
)  # fmt: skip
# What a page shows on demand.
DISCLOSED = re.compile(
    r"(^|[\s_-])(tab|tabs|tabpanel|accordion|collapse|collapsible|faq)([\s_-]|$)"
)
COLOR = re.compile(r"(?<![\w-])color\s*:\s*([^;]+)", re.I)
BACKGROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;]+)", re.I)
WHITES = ("white", "#fff", "#ffffff", "rgb(255,255,255)")


def names_of(attributes: Attributes) -> str:
    return f"{attributes.get('id') or ''} {attributes.get('class') or ''}".strip()


def part_of_page(
    node: "LexborNode", tag: str, attributes: Attributes, *, inside: bool
) -> BlockKind | None:
    """What part beside its subject a node is; `inside` an article, headers and footers are its."""
    role, names = (attributes.get("role") or "").lower(), names_of(attributes)
    if tag == "nav" or role in NAVIGATION_ROLES:
        return "navigation"
    if not inside and (around := _frame(tag, role, names)):
        return None if _has_subject(node) or _is_long(node) else around
    is_around = (COOKIE_NAME.search(names) and _is_banner(node)) or (
        NAVIGATION_NAME.search(names) and _is_links(node)
    )
    return "navigation" if is_around else None


def _frame(tag: str, role: str, names: str) -> BlockKind | None:
    """What stands above or below the subject of a page."""
    if tag == "header" or role == "banner":
        return "header"
    is_footer = tag == "div" and any(map(FOOTER_NAME.match, names.split()))
    return "footer" if is_footer or tag == "footer" or role == "contentinfo" else None


def _has_subject(node: "LexborNode") -> bool:
    return node.css_first("h1, h2, h3, article, main") is not None


def _is_long(node: "LexborNode") -> bool:
    return len(node.text(strip=True)) > LONGEST_FURNITURE


def _is_banner(node: "LexborNode") -> bool:
    text = node.text(strip=True)
    subject = node.css_first("h1, article, main") is not None
    return len(text) < LONGEST_BANNER and bool(COOKIES.search(text)) and not subject


def _is_links(node: "LexborNode") -> bool:
    links = node.css("a[href]")
    linked = sum(len(link.text(strip=True)) for link in links)
    whole = len(node.text(strip=True))
    skip = len(links) == 1 and (links[0].attributes.get("href") or "").startswith("#")
    mostly = linked >= LINKED_SHARE * whole and whole - linked <= MOST_UNLINKED
    return mostly and (len(links) >= FEWEST_LINKS or skip)


def is_hidden(attributes: Attributes, *, plain: bool) -> bool:
    """Whether the node's own attributes hide it. A `plain` page has no colours but those."""
    style = attributes.get("style") or ""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        is_none = True
    else:
        is_none = bool(HIDDEN_STYLE.search(style))
    if is_none:
        return attributes.get("role") != "tabpanel" and not DISCLOSED.search(names_of(attributes))
    return bool(style) and _is_white(style, plain=plain)


def _is_white(style: str, *, plain: bool) -> bool:
    color, background = COLOR.search(style), BACKGROUND.search(style)
    if not color or _color(color[1]) not in WHITES:
        return False
    return _color(background[1]) in WHITES if background else plain


def _color(value: str) -> str:
    return re.sub(r"\s|!important", "", value.lower())
