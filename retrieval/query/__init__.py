"""The query of a search: its language, filters, and the mask of passages that it may find."""

from retrieval.query.context import SearchContext, with_document_languages
from retrieval.query.document_mask import DocumentMask
from retrieval.query.filter_fields import (
    COLLECTION,
    FILTER_FIELDS,
    METADATA,
    chosen_in,
    columns,
    field_of,
    parameters_of,
)
from retrieval.query.filters import (
    Filters,
    expression_of,
    filters_for,
    known_values,
    visible_collections,
)
from retrieval.query.parser import MAX_QUERY_LENGTH, ParsedQuery, parse_query, text_spans
from retrieval.query.phrases import phrase_of
from retrieval.query.request import SearchRequest
from retrieval.query.restriction import Restriction
from retrieval.query.statement_timeout import StatementTimeout, TimeBudget
from retrieval.query.synonyms import (
    LONGEST_LIST,
    SynonymError,
    SynonymRules,
    Synonyms,
    parse_synonyms,
)
from retrieval.query.terms import QueryTerms, QueryWord, query_terms
from retrieval.query.word_index import WordIndex

__all__ = [
    "COLLECTION",
    "FILTER_FIELDS",
    "LONGEST_LIST",
    "MAX_QUERY_LENGTH",
    "METADATA",
    "DocumentMask",
    "Filters",
    "ParsedQuery",
    "QueryTerms",
    "QueryWord",
    "Restriction",
    "SearchContext",
    "SearchRequest",
    "StatementTimeout",
    "SynonymError",
    "SynonymRules",
    "Synonyms",
    "TimeBudget",
    "WordIndex",
    "chosen_in",
    "columns",
    "expression_of",
    "field_of",
    "filters_for",
    "known_values",
    "parameters_of",
    "parse_query",
    "parse_synonyms",
    "phrase_of",
    "query_terms",
    "text_spans",
    "visible_collections",
    "with_document_languages",
]
