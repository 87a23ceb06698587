"""The words of passages with their positions: for exact words, phrases and prefixes of words."""

from retrieval.lexical.words.headlines import (
    HeadlineHits,
    HeadlinePlaces,
    best_headlines,
    headline_places,
)
from retrieval.lexical.words.patterns import matching_words
from retrieval.lexical.words.phrases import (
    FILENAME,
    TITLE,
    FieldBounds,
    Lookup,
    documents_named,
    documents_with,
    word_postings,
)
from retrieval.lexical.words.postings import WordPart, WordPostings, merge_words, part_at, part_of
from retrieval.lexical.words.query_terms import (
    WORD_MARK,
    AnyWord,
    Phrase,
    QueryTerm,
    SearchTerm,
    WeightedTerm,
    is_of_words,
    plain_term,
    term_text,
    weights_of,
    words_in,
)
from retrieval.lexical.words.segment import SegmentWords

__all__ = [
    "FILENAME",
    "TITLE",
    "WORD_MARK",
    "AnyWord",
    "FieldBounds",
    "HeadlineHits",
    "HeadlinePlaces",
    "Lookup",
    "Phrase",
    "QueryTerm",
    "SearchTerm",
    "SegmentWords",
    "WeightedTerm",
    "WordPart",
    "WordPostings",
    "best_headlines",
    "documents_named",
    "documents_with",
    "headline_places",
    "is_of_words",
    "matching_words",
    "merge_words",
    "part_at",
    "part_of",
    "plain_term",
    "term_text",
    "weights_of",
    "word_postings",
    "words_in",
]
