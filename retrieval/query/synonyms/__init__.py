"""Synonyms: rules, where a query meets them, and the terms that they add."""

from retrieval.query.synonyms.rules import (
    LONGEST_LIST,
    SynonymError,
    SynonymRules,
    parse_synonyms,
)
from retrieval.query.synonyms.terms import NO_SYNONYMS, SYNONYM_WEIGHT, Synonyms, synonym_terms

__all__ = [
    "LONGEST_LIST",
    "NO_SYNONYMS",
    "SYNONYM_WEIGHT",
    "SynonymError",
    "SynonymRules",
    "Synonyms",
    "parse_synonyms",
    "synonym_terms",
]
