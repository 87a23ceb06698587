"""From text to index terms: tokenizer, stemmer, stop words. Neither Django nor torch."""

from retrieval.analysis.analyzer import (
    ANALYSIS_VERSION,
    IDENTIFIER_MARK,
    analyze,
    analyzed_terms,
    identifier_terms,
    language_code,
    terms_with_surface_forms,
)
from retrieval.analysis.stopwords import stop_words_of
from retrieval.analysis.tokenizer import RUN, UNSPACED, WORD, fold

__all__ = [
    "ANALYSIS_VERSION",
    "IDENTIFIER_MARK",
    "RUN",
    "UNSPACED",
    "WORD",
    "analyze",
    "analyzed_terms",
    "fold",
    "identifier_terms",
    "language_code",
    "stop_words_of",
    "terms_with_surface_forms",
]
