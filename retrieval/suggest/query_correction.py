"""Did you mean: the query with its unknown words replaced by near known ones."""

from collections.abc import Mapping

from retrieval.analysis import RUN
from retrieval.live_index import live_index
from retrieval.query import Filters, text_spans
from retrieval.suggest.spelling import spelling_suggestions as nearest


def did_you_mean(raw: str, filters: Filters) -> str | None:
    """The typed query with unknown words corrected to words of documents that pass `filters`.

    None without a correction. Operators, exclusions and quotation marks stay.
    """
    places = text_spans(raw)
    if not places or not filters.collections:
        return None
    index = live_index().bm25
    text = " ".join(raw[start:end] for start, end in places)
    better = dict(nearest(text, index, index.mask(filters.index_columns), filters.languages))
    respelt = raw
    for start, end in reversed(places):  # from the end, so that places before stay
        respelt = respelt[:start] + _respelt(raw[start:end], better) + respelt[end:]
    return respelt if respelt != raw else None


def _respelt(text: str, better: Mapping[str, str]) -> str:
    """The text with whole words replaced, but no parts of file names or addresses."""
    return RUN.sub(lambda run: "-".join(better.get(p, p) for p in run[0].split("-")), text)
