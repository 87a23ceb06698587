"""From text to index terms: tokenizer, folding, stemming, stop words. Imports no Django."""

from retrieval.analysis.analyzer import (
    ANALYSIS_VERSION,
    IDENTIFIER_MARK,
    WORD_MARK,
    AnalyzedText,
    RunTerms,
    Token,
    analyze,
    analyze_runs,
    analyze_text,
    analyzed_terms,
    identifier_terms,
    language_code,
)
from retrieval.analysis.letters import fold, fold_letters
from retrieval.analysis.prefix_match import (
    CutWord,
    Prefixes,
    Span,
    TypedMatch,
    cut_words,
    folded_words,
    match_typed,
)
from retrieval.analysis.stopwords import stop_words_of
from retrieval.analysis.tokenizer import RUN, UNSPACED, WORD

__all__ = [
    "ANALYSIS_VERSION",
    "IDENTIFIER_MARK",
    "RUN",
    "UNSPACED",
    "WORD",
    "WORD_MARK",
    "AnalyzedText",
    "CutWord",
    "Prefixes",
    "RunTerms",
    "Span",
    "Token",
    "TypedMatch",
    "analyze",
    "analyze_runs",
    "analyze_text",
    "analyzed_terms",
    "cut_words",
    "fold",
    "fold_letters",
    "folded_words",
    "identifier_terms",
    "language_code",
    "match_typed",
    "stop_words_of",
]
