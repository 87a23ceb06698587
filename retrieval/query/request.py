"""The request of a search: the parameter object that page and API share."""

from dataclasses import dataclass, field

from retrieval.modes import HYBRID
from retrieval.query.filter_fields import Chosen


@dataclass(frozen=True)
class SearchRequest:
    """A search request. `filters` are the selected values by the name of the facet, such as "type"
    or "metadata.author"; a document passes with any value of each facet. `correct`
    lets unknown words be corrected. An option of None is that of the settings."""

    query: str
    mode: str = HYBRID
    rerank: bool = True
    filters: Chosen = field(default_factory=dict)
    page: int = 1
    page_size: int = 10
    search_id: str = ""
    explain: bool = False
    correct: bool = True
    fusion: str | None = None
    dense_weight: float | None = None
    rerank_depth: int | None = None
    rerank_weight: float | None = None
