"""Highlights of a passage: the words that share a term with the query."""

from collections.abc import Collection

from retrieval.analysis import analyze

Span = tuple[int, int]


def highlight_spans(text: str, terms: Collection[str], language: str) -> list[Span]:
    """Spans (start, end) in code points of `text`, in order; adjacent ones are joined.

    `terms` are the query's analysed terms, so that inflected forms are highlighted too.
    """
    spans = [(t.start, t.end) for t in analyze(text, language) if t.term in terms]
    return _joined(sorted(spans))


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
