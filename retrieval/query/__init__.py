"""The query of a search: its language, filters, and the mask of passages that it may find."""

from retrieval.query.context import SearchContext
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
    is_named,
    known_values,
    visible_collections,
)
from retrieval.query.parser import MAX_QUERY_LENGTH, ParsedQuery, parse_query, text_spans
from retrieval.query.request import SearchRequest
from retrieval.query.restriction import Restriction
from retrieval.query.statement_timeout import StatementTimeout, TimeBudget
from retrieval.query.terms import QueryTerms, QueryWord, query_terms

__all__ = [
    "COLLECTION",
    "FILTER_FIELDS",
    "MAX_QUERY_LENGTH",
    "METADATA",
    "Filters",
    "ParsedQuery",
    "QueryTerms",
    "QueryWord",
    "Restriction",
    "SearchContext",
    "SearchRequest",
    "StatementTimeout",
    "TimeBudget",
    "chosen_in",
    "columns",
    "expression_of",
    "field_of",
    "filters_for",
    "is_named",
    "known_values",
    "parameters_of",
    "parse_query",
    "query_terms",
    "text_spans",
    "visible_collections",
]
