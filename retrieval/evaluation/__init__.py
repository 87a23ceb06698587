"""Evaluation of the ranking on judged queries."""
