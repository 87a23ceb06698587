"""Autocomplete and spelling suggestions."""

from retrieval.suggest.completion import MAX_COMPLETION_INPUT, autocomplete
from retrieval.suggest.query_correction import did_you_mean

__all__ = ["MAX_COMPLETION_INPUT", "autocomplete", "did_you_mean"]
