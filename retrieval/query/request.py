"""A search as it was asked: the one parameter object of page and API."""

from dataclasses import dataclass, field

from retrieval.modes import HYBRID
from retrieval.query.filter_fields import Chosen


@dataclass(frozen=True)
class SearchRequest:
    """A search as it was asked. `filters` are the values chosen, by the name of the facet: "type",
    "metadata.author"; several values of one facet widen, different facets narrow. None leaves it
    to the settings."""

    query: str
    mode: str = HYBRID
    rerank: bool = True
    filters: Chosen = field(default_factory=dict)
    page: int = 1
    page_size: int = 10
    search_id: str = ""
    explain: bool = False
    fusion: str | None = None
    dense_weight: float | None = None
    rerank_depth: int | None = None
    rerank_weight: float | None = None
