"""Readers of records: tables of text, JSON, notebooks."""
