"""The page numbers of passages and of their highlights."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import F

from documents.models import Extraction
from frontend.snippets import Span
from retrieval.search import PassageHit, SearchResult

Pages = tuple[int, int]


def pages_of(passage: Span, starts: Sequence[int]) -> Pages | None:
    """The first and the last page of a passage, from the offsets at which pages start."""
    if not starts:
        return None
    start, end = passage
    first = max(1, bisect_right(starts, start))
    return first, max(first, bisect_left(starts, end))


def page_of_words(hit: PassageHit, starts: Sequence[int]) -> int | None:
    """The page with most of the passage's highlights, the first of several; None without any."""
    marks = (hit.start + start for start, _ in hit.highlights)
    pages = Counter(max(1, bisect_right(starts, at)) for at in marks)
    return max(sorted(pages), key=pages.__getitem__, default=None) if starts else None


def page_starts(results: Sequence[SearchResult]) -> Mapping[str, list[int]]:
    """The offsets of pages in the texts of results with pages, by document id."""
    paged = [UUID(r.document.id) for r in results if any(hit.page for hit in r.passages)]
    if not paged:
        return {}
    rows = Extraction.objects.filter(document__in=paged, version=F("document__version"))
    return {str(pk): starts for pk, starts in rows.values_list("document", "pages")}
