"""A reader of files in a folder of the test's own."""

from pathlib import Path

import pytest

from tests.documents.extraction.readers.mail.mails import Read, read_in


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return read_in(tmp_path)
