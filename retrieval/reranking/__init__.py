"""The third stage: the best of the fused list are read again, together with the query.

Three kinds behind one door: a cross-encoder, late interaction with the embedding model's token
vectors, or none. `load` gives the one of the settings; `score_in_order` lets it read for as long
as there is time.
"""

from retrieval.reranking.kinds import Reranker, load, retry, state
from retrieval.reranking.timing import score_in_order

__all__ = ["Reranker", "load", "retry", "score_in_order", "state"]
