"""Reads Word documents of the old kind (DOC)."""
