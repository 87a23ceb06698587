"""Texts as token vectors of the embedding model, and the sentence that answers a query best."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from documents.embedding import (
    Embedder,
    active_model,
    load_tokens,
    model_of_space,
    projection_of,
)
from documents.errors import ModelUnavailable
from documents.models import EmbeddingSpace
from retrieval import late_interaction
from retrieval.late_interaction import (
    Span,
    TermWeights,
    TokenEmbeddings,
)

if TYPE_CHECKING:
    from tokenizers import Encoding

KEPT_SECONDS = 3600
LEAST_BYTES = 20  # of UTF-8, so that a sign of Chinese counts like a few letters
# Where a sentence ends: a full stop before white space, one of Chinese or Japanese, a new line.
END = re.compile(r"(?<=[.!?\u061f\u0964])\s+|(?<=[\u3002\uff01\uff1f])|\n+")


def token_embeddings_of(model: Embedder, texts: Sequence[str]) -> list[TokenEmbeddings]:
    """The token vectors of each text, up to the end of the model's window."""
    if not texts:
        return []
    return [
        _token_embeddings(text, encoding, rows)
        for text, (encoding, rows) in zip(texts, model.read(texts), strict=True)
    ]


def _token_embeddings(
    text: str, encoding: "Encoding", rows: late_interaction.Floats
) -> TokenEmbeddings:
    # Each access to an attribute of an encoding makes a new list.
    mask, offsets, of_word = encoding.special_tokens_mask, encoding.offsets, encoding.word_ids
    kept = [at for at, special in enumerate(mask) if not special]
    spans = [offsets[at] for at in kept]
    ids = [of_word[at] for at in kept]
    whole: dict[int, Span] = {}
    for word, (start, end) in zip(ids, spans, strict=True):
        if word is not None:
            first, _ = whole.get(word, (start, end))
            whole[word] = (first, end)
    words = [span if word is None else whole[word] for word, span in zip(ids, spans, strict=True)]
    return TokenEmbeddings(text, rows[kept], spans, words)


def stored_token_scores(
    query: str, passage_ids: Sequence[int], space: EmbeddingSpace, weigh: TermWeights
) -> dict[int, float]:
    """Late interaction with the stored token vectors, of those passages that have them."""
    projection = projection_of(space)
    stored = load_tokens(passage_ids, space) if projection else {}
    if projection is None or not stored:
        return {}
    question = token_embeddings_of(model_of_space(space), [query])[0]
    scores = late_interaction.compressed_scores(question, list(stored.values()), projection, weigh)
    return dict(zip(stored, scores, strict=True))


def best_sentences(query: str, texts: Sequence[str]) -> list[Span | None]:
    """Where in each text the sentence that answers `query` best stands, in code points.

    None for an empty query, for a text of one sentence or none, and without an embedding model.
    Results are cached for an hour.
    """
    keys = [_key(query, text) for text in texts]
    kept: dict[str, Span | None] = {}
    with suppress(RedisError):
        kept = {key: span and (span[0], span[1]) for key, span in cache.get_many(keys).items()}
    new = {
        key: text
        for key, text in zip(keys, texts, strict=True)
        if key not in kept and len(split_sentences(text)) > 1
    }
    if new and query.strip():
        found = _choose(query, new)
        kept |= found
        with suppress(RedisError):
            cache.set_many(found, KEPT_SECONDS)
    return [kept.get(key) for key in keys]


def _choose(query: str, texts: Mapping[str, str]) -> dict[str, Span | None]:
    try:
        query_vectors, *passages = token_embeddings_of(active_model(), [query, *texts.values()])
    except ModelUnavailable:
        return {}
    return {
        key: late_interaction.best_span(query_vectors, passage, _answers(passage.text))
        for key, passage in zip(texts, passages, strict=True)
    }


def _key(query: str, text: str) -> str:
    digest = hashlib.sha256(f"{query}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"answer:{settings.EMBEDDING_MODEL}:{digest}".replace(" ", "_")


def split_sentences(text: str) -> list[Span]:
    """The spans of the sentences and lines of `text`, without surrounding white space."""
    ends = [(match.start(), match.end()) for match in END.finditer(text)]
    starts = [0, *(after for _, after in ends)]
    stops = [*(before for before, _ in ends), len(text)]
    return [_trimmed(text, *span) for span in zip(starts, stops, strict=True)
            if text[slice(*span)].strip()]  # fmt: skip


def _answers(text: str) -> list[Span]:
    """The sentences to choose from: short ones, mostly headings, only if all are short."""
    found = split_sentences(text)
    long = [(a, b) for a, b in found if len(text[a:b].encode()) >= LEAST_BYTES]
    return long or found


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())
