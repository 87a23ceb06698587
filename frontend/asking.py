"""What an address of the search page asks for, and the address of what is asked."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from retrieval.pages import SearchRequest
from retrieval.query import parse

MODES = ("hybrid", "lexical", "dense")
PAGE_SIZE = 10
LONGEST_QUERY = 2000


@dataclass(frozen=True)
class Asked:
    """One state of the search page. A value in the address that means nothing is passed over."""

    query: str = ""
    mode: str = "hybrid"
    rerank: bool = True
    collections: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    page: int = 1
    search_id: str = ""

    @classmethod
    def read(cls, get: QueryDict) -> Self:
        mode, page = get.get("mode", ""), get.get("page", "")
        return cls(
            query=" ".join(get.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY],
            mode=mode if mode in MODES else "hybrid",
            rerank=get.get("rerank", "true") != "false",
            collections=_values(get, "collection"),
            types=_values(get, "type"),
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
            page=self.page,
            page_size=PAGE_SIZE,
            search_id=self.search_id,
            explain=True,
        )

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the next query takes over from this one: filters, mode and reranking."""
        pairs = [("collection", slug) for slug in self.collections]
        pairs += [("type", value) for value in self.types]
        if self.mode != "hybrid":
            pairs.append(("mode", self.mode))
        if not self.rerank:
            pairs.append(("rerank", "false"))
        return pairs

    @property
    def filtered(self) -> bool:
        return bool(self.collections or self.types)

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
        """The address with `value` of the facet "collection" or "type" switched over."""
        if facet == "type":
            return replace(self, page=1, types=_toggled(self.types, value)).address
        return replace(self, page=1, collections=_toggled(self.collections, value)).address

    def unfiltered(self) -> str:
        return replace(self, collections=(), types=(), page=1).address


def _toggled(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    without = tuple(other for other in chosen if other != value)
    return without if value in chosen else (*chosen, value)


def _values(get: QueryDict, name: str) -> tuple[str, ...]:
    """Each value once; PostgreSQL takes no NUL, and no name has one."""
    return tuple(v for v in dict.fromkeys(get.getlist(name)) if v and "\0" not in v)
