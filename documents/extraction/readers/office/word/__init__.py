"""Reads Word documents: what a body, its paragraphs, tables, lists and styles hold."""
