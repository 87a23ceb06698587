"""Readers of texts with light markup: reStructuredText, Org, LaTeX."""
