"""Reads OpenDocument files: texts, spreadsheets, presentations."""
