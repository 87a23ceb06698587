"""Documents pinned to a query: candidates whatever the retrievers bring."""

from collections.abc import Sequence

import numpy as np

from retrieval.hits import Hit
from retrieval.lexical import document_key
from retrieval.query import SearchContext


def pinned_passages(context: SearchContext, pinned: Sequence[str]) -> list[int]:
    """Passages of those documents that pass the mask of the search: the best by words, else the
    first of the document."""
    found: list[int] = []
    for document in pinned:
        key = np.array([document_key(document)], np.uint64)
        inside = context.index.among(key, context.allowed)
        hits = context.index.search_documents(context.terms.search, 1, inside, context.visible).hits
        found += [hit.passage_id for hit in hits]
        if not hits:
            found += context.index.passage_ids(inside).tolist()[:1]
    return found


def with_passages(fused: Sequence[Hit], passages: Sequence[int]) -> list[Hit]:
    """The list with further passages at its end, where no retriever could score them."""
    held = {hit.passage_id for hit in fused}
    least = min([0.0, *(hit.score for hit in fused[-1:])])
    return [*fused, *(Hit(passage, least) for passage in passages if passage not in held)]
