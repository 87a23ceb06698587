"""What an address of the search page asks for, and the address of what is asked."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Self, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from retrieval.pages import SearchRequest
from retrieval.query import parse
from retrieval.ranking import HYBRID
from retrieval.retrievers import MODES
from retrieval.traits import FIELD

PAGE_SIZE = 10
LONGEST_QUERY = 2000
LONGEST_VALUE = 500
YEAR = re.compile(r"[0-9]{4}")
PAIR = re.compile(r"([^:]+):(.+)", re.DOTALL)

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True)
class Asked:
    """One state of the search page. A value in the address that means nothing is passed over."""

    query: str = ""
    mode: str = HYBRID
    rerank: bool = True
    collections: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    page: int = 1
    search_id: str = ""

    @classmethod
    def read(cls, get: QueryDict) -> Self:
        mode, page, named = get.get("mode", ""), get.get("page", ""), _values(get, "metadata")
        return cls(
            query=" ".join(get.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY],
            mode=mode if mode in MODES else HYBRID,
            rerank=get.get("rerank", "true") != "false",
            collections=_values(get, "collection"),
            types=_values(get, "type"),
            languages=_values(get, "language"),
            years=tuple(int(year) for year in _values(get, "year") if YEAR.fullmatch(year)),
            metadata=tuple((pair[1], pair[2]) for pair in map(PAIR.fullmatch, named) if pair),
            page=int(page) if page.isdecimal() and 0 < len(page) < 7 and int(page) else 1,
            search_id=get.get("search_id", "")[:64],
        )

    def request(self) -> SearchRequest:
        return SearchRequest(
            query=self.query,
            mode=self.mode,
            rerank=self.rerank,
            collections=self.collections,
            types=self.types,
            languages=self.languages,
            years=self.years,
            metadata=self.metadata,
            page=self.page,
            page_size=PAGE_SIZE,
            search_id=self.search_id,
            explain=True,
        )

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the next query takes over from this one: filters, mode and reranking."""
        pairs = [
            *(("collection", slug) for slug in self.collections),
            *(("type", value) for value in self.types),
            *(("language", code) for code in self.languages),
            *(("year", str(year)) for year in self.years),
            *(("metadata", f"{key}:{value}") for key, value in self.metadata),
        ]
        if self.mode != HYBRID:
            pairs.append(("mode", self.mode))
        if not self.rerank:
            pairs.append(("rerank", "false"))
        return pairs

    @property
    def filtered(self) -> bool:
        return self != self._loosened()

    @property
    def like(self) -> str:
        """The id of the document that the whole query asks to find the like of."""
        query = parse(self.query)
        return "" if query.text else query.like

    @property
    def address(self) -> str:
        pairs = [("q", self.query)] if self.query else []
        pairs += self.kept
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        if self.search_id:
            pairs.append(("search_id", self.search_id))
        return f"{reverse('search')}?{urlencode(pairs)}" if pairs else reverse("search")

    def anew(self, query: str) -> str:
        return replace(self, query=query, page=1, search_id="").address

    def at_page(self, page: int, search_id: str) -> str:
        return replace(self, page=page, search_id=search_id).address

    def in_mode(self, mode: str) -> str:
        return replace(self, mode=mode, page=1, search_id="").address

    def reranked(self, rerank: bool) -> str:
        return replace(self, rerank=rerank, page=1, search_id="").address

    def toggled(self, facet: str, value: str) -> str:
        """The address with a value of a facet, as `retrieval.pages.Page` names it, switched."""
        first = replace(self, page=1)
        if facet.startswith(FIELD):
            pair = (facet.removeprefix(FIELD), value)
            return replace(first, metadata=_toggled(self.metadata, pair)).address
        if facet == "year":
            return replace(first, years=_toggled(self.years, int(value))).address
        if facet == "language":
            return replace(first, languages=_toggled(self.languages, value)).address
        if facet == "type":
            return replace(first, types=_toggled(self.types, value)).address
        return replace(first, collections=_toggled(self.collections, value)).address

    def unfiltered(self) -> str:
        return replace(self._loosened(), page=1).address

    def _loosened(self) -> Self:
        return replace(self, collections=(), types=(), languages=(), years=(), metadata=())


def _toggled(chosen: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    without = tuple(other for other in chosen if other != value)
    return without if value in chosen else (*chosen, value)


def _values(get: QueryDict, name: str) -> tuple[str, ...]:
    """Each value once; PostgreSQL takes no NUL, and no name has one."""
    values = dict.fromkeys(value[:LONGEST_VALUE] for value in get.getlist(name))
    return tuple(value for value in values if value and "\0" not in value)
