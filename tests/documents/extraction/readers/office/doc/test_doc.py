"""Word documents of the old kind are read with their headings, lists and tables."""

import struct
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import FORMATS
from documents.models import Document, Passage
from tests.documents.extraction.readers.office.doc.doc_files import Part, doc_file
from tests.properties import examples

IN_TABLE = struct.pack("<HB", 0x2416, 1)
ROW_ENDS = IN_TABLE + struct.pack("<HB", 0x2417, 1)
LISTED = struct.pack("<HBHH", 0x260A, 1, 0x460B, 3)


def read(data: bytes, path: Path) -> ExtractedText:
    path.write_bytes(data)
    return FORMATS["doc"].read(path)


def kinds(found: ExtractedText) -> list[tuple[str, str]]:
    return [(one.kind, found.text[one.start : one.end]) for one in found.blocks]


def row(*cells: str) -> list[Part]:
    held = [Part(cell, "\x07", settings=IN_TABLE) for cell in cells]
    return [*held, Part("", "\x07", settings=ROW_ENDS)]


def test_headings_lists_tables_and_notes_are_kept(tmp_path: Path) -> None:
    parts = [
        Part("Terms & conditions", style=1),
        Part("Letters of 𐌲𐌿𐍄 and café\x0bon two lines\x1f"),
        Part("an item", settings=LISTED),
        *row("Port", "Height"),
        *row("Brest", "7.2"),
        Part("End"),
    ]
    found = read(
        doc_file(parts, styles={0: "Normal", 2: "heading 2"}, note="A note"), tmp_path / "a"
    )
    assert kinds(found) == [
        ("heading", "Terms & conditions"),
        ("paragraph", "Letters of 𐌲𐌿𐍄 and café\non two lines"),
        ("list_item", "an item"),
        ("table", "Port\tHeight\nBrest\t7.2"),
        ("paragraph", "End"),
        ("note", "A note"),
    ]
    assert (found.headings[0].level, found.blocks[2].level) == (2, 1)
    assert found.title == "Terms & conditions"


def test_fields_show_their_results_and_not_what_they_are_computed_from(tmp_path: Path) -> None:
    inner = "\x13 PAGEREF _Toc1 \\h \x143\x15"
    parts = [
        Part('See \x13 HYPERLINK "https://a.example/" \x14the table\x15.'),
        Part(f'\x13 TOC \\o "1-3" \x14Scope\t{inner}'),
        Part("Price\t4\x15"),
        Part("After"),
    ]
    found = read(doc_file(parts), tmp_path / "a")
    assert found.text == "See the table.\n\nScope\t3\nPrice\t4\n\nAfter"


def test_a_document_with_a_password_is_protected(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="password"):
        read(doc_file([Part("Secret")], flags=0x0100), tmp_path / "a")


@examples(200)
@hypothesis.given(st.data())
def test_a_damaged_document_fails_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(doc_file([Part("Words", style=1), *row("a", "b"), Part("End")]))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(whole), tmp_path_factory.getbasetemp() / "damaged")
    except IngestError as error:
        assert error.permanent


def test_an_old_document_is_found(add: Callable[..., Document]) -> None:
    document = add(doc_file([Part("Neap tides are weak.")]), "tides.doc")
    assert (document.state, document.type) == ("indexed", "doc")
    assert "Neap tides" in Passage.objects.get(document=document).text
