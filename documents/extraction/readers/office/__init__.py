"""Readers of office files: Office Open XML (DOCX, PPTX, XLSX) and OpenDocument."""
