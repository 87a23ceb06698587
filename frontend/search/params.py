"""The parameters of the search page's address, and addresses with changed parameters."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from retrieval.search import (
    FILTER_FIELDS,
    HYBRID,
    MAX_QUERY_LENGTH,
    MODES,
    SearchRequest,
    chosen_in,
    parameters_of,
    parse_query,
)

LONGEST_VALUE = 500


@dataclass(frozen=True)
class SearchParams(SearchRequest):
    """The search of an address of the search page; invalid values are ignored."""

    explain: bool = True

    @classmethod
    def read(cls, get: QueryDict) -> Self:
        mode, page = get.get("mode", ""), get.get("page", "")
        return cls(
            query=" ".join(get.get("q", "").replace("\0", " ").split())[:MAX_QUERY_LENGTH],
            mode=mode if mode in MODES else HYBRID,
            rerank=get.get("rerank", "true") != "false",
            filters=chosen_in({name: _values(get, name) for name in FILTER_FIELDS}),
            page=int(page) if page.isdecimal() and 0 < len(page) < 7 and int(page) else 1,
            search_id=get.get("search_id", "")[:64],
            correct=get.get("correct", "true") != "false",
        )

    @property
    def carried_params(self) -> list[tuple[str, str]]:
        """The parameters that the next query keeps: filters, mode and reranking."""
        pairs = list(parameters_of(self.filters))
        if self.mode != HYBRID:
            pairs.append(("mode", self.mode))
        if not self.rerank:
            pairs.append(("rerank", "false"))
        return pairs

    @property
    def filtered(self) -> bool:
        return bool(self.filters)

    @property
    def like(self) -> str:
        """The id of the document if the whole query is `like:ID`."""
        query = parse_query(self.query)
        return "" if query.text else query.like

    @property
    def address(self) -> str:
        pairs = [("q", self.query)] if self.query else []
        pairs += self.carried_params
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        if not self.correct:
            pairs.append(("correct", "false"))
        if self.search_id:
            pairs.append(("search_id", self.search_id))
        return f"{reverse('search')}?{urlencode(pairs)}" if pairs else reverse("search")

    def url_for_query(self, query: str) -> str:
        return replace(self, query=query, page=1, search_id="", correct=True).address

    @property
    def url_as_typed(self) -> str:
        """The same search without a correction."""
        return replace(self, page=1, search_id="", correct=False).address

    def url_for_page(self, page: int, search_id: str) -> str:
        return replace(self, page=page, search_id=search_id).address

    def url_for_mode(self, mode: str) -> str:
        return replace(self, mode=mode, page=1, search_id="").address

    def url_with_rerank(self, rerank: bool) -> str:
        return replace(self, rerank=rerank, page=1, search_id="").address

    def url_with_facet(self, facet: str, value: str) -> str:
        """The address with a value of a facet, named as in the response, selected or deselected."""
        chosen = self.filters.get(facet, ())
        values = tuple(other for other in chosen if other != value)
        if value not in chosen:
            values = (*chosen, value)
        others = {name: values for name, values in self.filters.items() if name != facet}
        filters = {**others, facet: values} if values else others
        return replace(self, filters=filters, page=1).address

    def url_without_filters(self) -> str:
        return replace(self, filters={}, page=1).address


def _values(get: QueryDict, name: str) -> tuple[str, ...]:
    """Each value once; PostgreSQL takes no NUL, and no name has one."""
    values = dict.fromkeys(value[:LONGEST_VALUE] for value in get.getlist(name))
    return tuple(value for value in values if value and "\0" not in value)
