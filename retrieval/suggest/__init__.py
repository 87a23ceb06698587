"""Autocomplete and spelling suggestions."""

from retrieval.suggest.completion import MAX_COMPLETION_INPUT, autocomplete
from retrieval.suggest.query_correction import correct_query

__all__ = ["MAX_COMPLETION_INPUT", "autocomplete", "correct_query"]
