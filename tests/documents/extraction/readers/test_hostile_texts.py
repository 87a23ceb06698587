"""Texts that are written to cost their reader much cost little."""

import time

import pytest

from documents.errors import IngestError
from tests.documents.extraction.reading import read

# Each takes less than a second.
HOSTILE = {
    "comments that never end": ("<?xml version='1.0'?><a><b>x</b>" + "<!--" * 60_000, "a.xml"),
    "strong words that never end": ("**a " * 20_000, "a.rst"),
    "drawers that never end": (":A:\n" * 20_000 + "Tides.\n", "a.org"),
    "a paragraph of very many lines": ("<html><body><p>" + "a line<br>" * 120_000, "a.html"),
}


@pytest.mark.timing
@pytest.mark.parametrize("case", HOSTILE)
def test_no_text_takes_long(case: str) -> None:
    start = time.monotonic()
    assert read(*HOSTILE[case]).text
    assert time.monotonic() - start < 4


def test_what_is_nested_without_end_is_read_to_a_depth() -> None:
    assert "Tides." in read("#+begin_quote\n" * 3000 + "Tides.\n", "a.org").text
    for deep, name in (("<div>" * 3000 + "Tides.", "a.html"), (">" * 3000 + " Tides.", "a.md"),
                       ("- " * 3000 + "Tides.", "a.rst")):  # fmt: skip
        try:
            assert read(deep, name).text
        except IngestError as error:
            assert error.permanent
