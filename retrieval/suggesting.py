"""Did you mean: the query with its unknown words replaced by near known ones."""

import re

from retrieval.filters import Filters
from retrieval.index import live_index
from retrieval.query import Query
from retrieval.scope import mask_of
from retrieval.spelling import suggest as nearest


def suggest(query: Query, filters: Filters) -> str | None:
    """The query's words respelt with words of documents that pass `filters`, or None."""
    if not query.text or not filters.collections:
        return None
    index = live_index().bm25
    respelt = query.text
    for word, replacement in nearest(query.text, index, mask_of(filters, index), filters.languages):
        respelt = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", replacement, respelt, flags=re.I)
    return respelt if respelt != query.text else None
