"""Every address of the product, as the resolver has it."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

COLLECTIONS = ("public", "internal", "restricted")
DOCUMENTS = (
    *COLLECTIONS, *(f"{name} own" for name in COLLECTIONS), "trashed", "trashed own",
)  # fmt: skip
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def addresses() -> list[str]:
    """The routes; `<name>` stands for the group of a regular expression."""
    return list(dict.fromkeys(_routes(get_resolver(), "/")))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        part = str(one.pattern)
        if isinstance(one.pattern, RegexPattern):
            part = GROUP.sub(r"<\1>", part).replace("^", "").replace("$", "")
        if isinstance(one, URLPattern):
            yield prefix + part
        else:
            yield from _routes(one, prefix + part)


def kinds_of(method: str, address: str) -> set[str]:
    """The kinds of object that the table has to have rows for."""
    is_changing = method != "GET"
    if address.startswith("/admin/"):
        return set()
    if "<uuid:pk>" in address:
        return {*DOCUMENTS} if is_changing else {*COLLECTIONS, "trashed own"}
    if "<slug:slug>" in address:
        return {*COLLECTIONS}
    if "<int:pk>" in address:
        return {"own", "another's"}
    return set()
