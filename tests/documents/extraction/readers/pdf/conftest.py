"""A reader of files in a folder of the test's own."""

from pathlib import Path

import pytest

from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction.formats import FORMATS
from documents.extraction.parsers import parse_file
from tests.documents.extraction.readers.pdf.pdfs import Read


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(data: bytes, name: str = "a.pdf") -> ExtractedText:
        path = tmp_path / "original"
        path.write_bytes(data)
        return parse_file(SourceFile(path, name), 10**7, tuple(FORMATS.values()))

    return read
