"""PDF by pdfium: the text of pages in reading order, with tables, forms, comments and outline."""

from documents.extraction.readers.pdf.document import read_pdf

__all__ = ["read_pdf"]
