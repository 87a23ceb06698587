"""The two retrievers as legs that fusion understands."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents import embedding, spaces
from documents.errors import ModelUnavailable
from documents.messages import Message
from retrieval import dense as dense_index
from retrieval.dense import FloatVector
from retrieval.entries import Hit
from retrieval.fusion import Leg
from retrieval.ranking import Options
from retrieval.scope import Scope

TOO_LONG = Message("query_too_long")


@dataclass(frozen=True)
class Found:
    """One retriever's top candidates, and whether it had more."""

    hits: Sequence[Hit] = ()
    cut: bool = False


def query_vector(text: str, mode: str, notices: list[Message]) -> FloatVector | None:
    """The query's vector (float32 (d,), unit length), or None where it is not needed or not had."""
    if mode == "lexical" or not text.strip():
        return None
    try:
        model = embedding.live()
        vector: FloatVector = model.embed([text], "query")[0]
    except ModelUnavailable as problem:
        notices.append(Message("lexical_only", {"reason": problem.message}))
        return None
    if not model.reads_whole(text):
        notices.append(TOO_LONG)
    return vector


def lexical(scope: Scope, options: Options, *, has_vector: bool) -> Found:
    """BM25's top candidates. Dense mode does without, unless there is no vector to go by."""
    if (options.mode == "dense" and has_vector) or not scope.terms:
        return Found()
    found = scope.index.search(scope.terms, options.candidates, scope.allowed)
    hits = [Hit(hit.chunk_id, hit.score) for hit in found.hits]
    return Found(hits, cut=found.matched > len(hits))


def dense(scope: Scope, options: Options, vector: FloatVector | None) -> Found:
    space = spaces.live() if vector is not None else None
    if space is None or vector is None or not scope.passing:
        return Found()
    hits = dense_index.search(
        space,
        vector,
        options.candidates,
        scope.filters,
        passing=scope.passing,
        total=scope.index.chunk_count,
    )
    return Found(hits, cut=scope.passing > options.candidates)


def score_union(
    scope: Scope, lexical: Found, dense: Found, vector: FloatVector | None, options: Options
) -> list[Leg]:
    """Both legs with exact scores for every candidate that either of them brought."""
    union = sorted({hit.chunk_id for hit in (*lexical.hits, *dense.hits)})
    if not dense.hits:
        return [Leg("lexical", lexical.hits, {hit.chunk_id: hit.score for hit in lexical.hits})]
    if options.mode == "dense" or not scope.terms:
        return [Leg("dense", dense.hits, {hit.chunk_id: hit.score for hit in dense.hits})]
    own = {hit.chunk_id: hit.score for hit in lexical.hits}
    scores = dict(zip(union, scope.index.score(scope.terms, union), strict=True))
    matching = {chunk: score for chunk, score in scores.items() if score != 0} | own
    space = spaces.live()
    cosines = dense_index.score(space, vector, union) if space and vector is not None else {}
    return [
        Leg("lexical", lexical.hits, matching, 1 - options.dense_weight),
        Leg("dense", dense.hits, cosines, options.dense_weight),
    ]
