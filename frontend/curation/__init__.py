"""Synonyms and pins: the pages of those who may edit them."""
