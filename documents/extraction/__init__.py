"""From an original to its text: detection of the format, readers, limits, a sandboxed process."""

from documents.extraction.extractor import LARGE_FILE, extract_files
from documents.extraction.formats import (
    accepted_files,
    format_label,
    format_names,
    format_of,
    listed_formats,
)

__all__ = [
    "LARGE_FILE",
    "accepted_files",
    "extract_files",
    "format_label",
    "format_names",
    "format_of",
    "listed_formats",
]
