"""Documents pinned to a query: candidates whatever the retrievers bring."""

from collections.abc import Sequence

import numpy as np

from retrieval.hits import Hit
from retrieval.lexical import document_key
from retrieval.query import SearchContext


def pinned_passages(context: SearchContext, pinned: Sequence[str]) -> list[int]:
    """Passages of those documents that pass the mask of the search: the best by words, else the
    first of the document."""
    if not pinned:
        return []
    index, keys = context.index, np.array([document_key(each) for each in pinned], np.uint64)
    inside = index.among(keys, context.allowed)
    hits = index.search_documents(context.terms.search, len(pinned), inside, context.visible).hits
    found = [hit.passage_id for hit in hits]
    numbers = index.live_documents(keys)
    others = numbers[(numbers >= 0) & ~np.isin(numbers, index.documents_of(found))]
    first = index.first_passages(others)
    return [*found, *first[index.allowed(inside, first.tolist())].tolist()]


def with_passages(fused: Sequence[Hit], passages: Sequence[int]) -> list[Hit]:
    """The list with further passages at its end, where no retriever could score them."""
    held = {hit.passage_id for hit in fused}
    least = min([0.0, *(hit.score for hit in fused[-1:])])
    return [*fused, *(Hit(passage, least) for passage in passages if passage not in held)]
