"""What one search looks for and where: analysed terms, and the mask of chunks it may find."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.db.models import F, Q
from numpy.typing import NDArray

from documents.models import Chunk, Document, Extraction
from retrieval.analysis import EXACT, identifiers, language_code, terms
from retrieval.filters import Filters
from retrieval.lexical import BM25Index
from retrieval.query import Query
from retrieval.tokenising import UNSPACED, WORD
from retrieval.trace import SearchTrace

# The weight of a word that the analysis leaves out; rare words have 5 to 10.
STOP_WORD = 0.5

# The borders of a word where `tokenising` sees them, for PostgreSQL: an underscore and text without
# spaces end a word; marks do not. Its \w knows vowel signs, but neither accents that are characters
# of their own nor signs that join letters.
_UNSPACED = UNSPACED.pattern[1:-2]
_JOINED = "".join(
    char
    for char in map(chr, range(0x300, 0x20000))
    if unicodedata.combining(char) and not UNSPACED.match(char)
)
_BEGINS = rf"(?<![^\W_{_UNSPACED}])(?<![{_JOINED}])"
_ENDS = rf"(?![^\W_{_UNSPACED}]|[{_JOINED}])"
_BETWEEN = r"[\W_]+"


@dataclass(frozen=True)
class Scope:
    """`allowed` is a mask (bool, (chunks,)) over the index's chunk numbers, true where a search
    may look; `passing` says how many those are. `filters` say the same to the database."""

    query: Query
    index: BM25Index
    filters: Filters
    terms: tuple[str, ...]
    exact: tuple[str, ...]
    allowed: NDArray[np.bool_]
    passing: int
    trace: SearchTrace = field(default_factory=SearchTrace)

    @classmethod
    def of(
        cls, query: Query, filters: Filters, index: BM25Index, trace: SearchTrace | None = None
    ) -> "Scope":
        """Turn phrases, exclusions, metadata and titles into sets of documents."""
        narrowed = filters
        if narrowed.needs_lookup:
            narrowed = narrowed.within(
                str(pk) for pk in narrowed.queryset().values_list("pk", flat=True)
            )
        for phrase in _indexed(query.phrases, filters):
            narrowed = narrowed.within(_documents_with(phrase, narrowed, index))
        for excluded in _indexed(query.without, filters):
            narrowed = narrowed.without(_documents_with(excluded, narrowed, index))
        allowed = mask_of(narrowed, index)
        return cls(
            query=query,
            index=index,
            filters=narrowed,
            terms=tuple(_terms(query.text, filters.languages)),
            exact=tuple(identifiers(query.text)),
            allowed=allowed,
            passing=int(np.count_nonzero(allowed)),
            trace=trace or SearchTrace(),
        )

    def identifiers_held(self, chunk_ids: Sequence[int]) -> Mapping[int, int]:
        """How many of the query's exact identifiers each chunk holds."""
        held: dict[int, int] = {}
        for term in self.exact:
            for chunk, holds in zip(chunk_ids, self.index.contains([term], chunk_ids), strict=True):
                held[chunk] = held.get(chunk, 0) + holds
        return held

    def weigh(self, words: Sequence[str]) -> list[float]:
        """How much each of some words of the query tells: its idf, a little for stop words."""
        languages = self.filters.languages
        by_word = [_terms(word, languages) for word in words]
        every = list(dict.fromkeys(term for found in by_word for term in found))
        idf = dict(zip(every, self.index.idfs(every), strict=True)) if every else {}
        stop = [STOP_WORD if any(map(str.isalnum, word)) else 0.0 for word in words]
        return [
            max([least, *(idf[term] for term in found)])
            for found, least in zip(by_word, stop, strict=True)
        ]


def _terms(text: str, languages: Iterable[str]) -> list[str]:
    """The query analysed once for each language; identifiers, which have none, count once."""
    found: list[str] = []
    for language in dict.fromkeys(map(language_code, languages)):
        seen = set(found)
        found += [t for t in terms(text, language) if not (t.startswith(EXACT) and t in seen)]
    return found


def _indexed(phrases: Iterable[str], filters: Filters) -> list[str]:
    """Those that hold a word which is indexed: stop words alone neither ask for nor exclude."""
    return [p for p in phrases if any(terms(p, language) for language in filters.languages)]


def _documents_with(words: str, filters: Filters, index: BM25Index) -> set[str]:
    """Documents within `filters` whose title or text holds `words` as they stand.

    Case, and what stands between the words, are ignored. The index names the documents that hold
    each of the words; the text decides.
    """
    inside = mask_of(filters, index)
    analysed = [found for each in filters.languages if (found := terms(words, each))]
    holding = [index.chunk_ids(index.holding(each, within=inside)) for each in analysed]
    candidates = _owners({int(chunk) for chunks in holding for chunk in chunks})
    if WORD.fullmatch(words) and all(len(each) == 1 for each in analysed):
        return candidates  # one plain word: its other forms count too, as in a search for it
    return {str(pk) for pk in _holding(_pattern(WORD.findall(words)), candidates)}


def _pattern(runs: Sequence[str]) -> str:
    """A regular expression for PostgreSQL: the runs one after the other, as whole words.

    Text without spaces has no borders to look for. Texts are stored as they were written, so an
    accented letter may be one character or two: either is looked for, since normalising the texts
    takes ten times as long as searching them.
    """
    begins = "" if UNSPACED.match(runs[0]) else _BEGINS
    ends = "" if UNSPACED.match(runs[-1][-1]) else _ENDS
    return begins + _BETWEEN.join(map(_in_either_form, runs)) + ends


def _in_either_form(run: str) -> str:
    forms = dict.fromkeys(unicodedata.normalize(form, run) for form in ("NFC", "NFD"))
    return f"(?:{'|'.join(map(re.escape, forms))})"


def _owners(chunk_ids: Iterable[int]) -> set[str]:
    owners = Chunk.objects.filter(pk__in=list(chunk_ids)).values_list("document_id", flat=True)
    return {str(pk) for pk in owners.distinct()}


def _holding(pattern: str, candidates: set[str]) -> Iterable[object]:
    ids = [UUID(candidate) for candidate in candidates]
    inside = Extraction.objects.filter(
        text__iregex=pattern, document__in=ids, version=F("document__version")
    )
    return Document.objects.filter(
        Q(title__iregex=pattern) | Q(pk__in=inside.values("document")), pk__in=ids
    ).values_list("pk", flat=True)


def mask_of(filters: Filters, index: BM25Index) -> NDArray[np.bool_]:
    return index.mask(
        collections=filters.collections,
        types=filters.types or None,
        languages=filters.written_in or None,
        years=filters.years or None,
        documents=filters.documents,
        not_documents=filters.without_documents or None,
    )
