"""Autocomplete and spelling suggestions."""

from retrieval.suggest.completion import MAX_COMPLETION_INPUT, autocomplete
from retrieval.suggest.query_correction import correct_query
from retrieval.suggest.suggestion import Suggestion, SuggestionKind

__all__ = ["MAX_COMPLETION_INPUT", "Suggestion", "SuggestionKind", "autocomplete", "correct_query"]
