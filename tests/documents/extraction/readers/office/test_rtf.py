"""Rich text is read in the code pages of its fonts, with its structure."""

from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from documents.extracted_text import ExtractedText
from documents.extraction.formats import FORMATS
from documents.extraction.readers.office.rtf.reader import rtf_text
from documents.models import Document, Passage
from tests.properties import examples

Read = Callable[[str], ExtractedText]
FONTS = (
    r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}{\f2\fcharset204 Arial Cyr;}"
    r"{\f3\fcharset128 MS Mincho;}}"
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: str) -> ExtractedText:
        path = tmp_path / "a.rtf"
        path.write_bytes(rf"{{\rtf1\ansi\ansicpg1252\deff0 {content}}}".encode("ascii"))
        return FORMATS["rtf"].read(path)

    return read


def kinds(found: ExtractedText) -> list[tuple[str, str]]:
    return [(one.kind, found.text[one.start : one.end]) for one in found.blocks]


def test_letters_are_those_of_the_fonts_code_page(read: Read) -> None:
    found = read(
        FONTS + r"{\f0 caf\'e9} {\f1 \'e8l\'e1nek} {\f2 \'ec\'e8\'f0} {\f3 \'93\'8c\'8b\'9e}\par"
    )
    assert found.text == "café článek мир 東京"


def test_signs_and_unicode_with_its_replacements_are_read_once(read: Read) -> None:
    found = read(r"\u8364\'80 5 \{R&D\} {\uc2 \u960 pi!} \u-10179?\u-8704? a\emdash b well\_known")
    assert found.text == "\u20ac 5 {R&D} \u03c0! \U0001f600 a\u2014b well-known"


def test_marks_links_and_hidden_words(read: Read) -> None:
    link = r'{\field{\*\fldinst HYPERLINK "https://a.example/"}{\fldrslt table}}'
    found = read(rf"plain {{\b bold}} {link} after {{\v secret}}\par")
    assert kinds(found) == [("paragraph", "plain bold table after"), ("hidden", "secret")]
    assert [(m.kind, found.text[m.start : m.end], m.target) for m in found.marks] == [
        ("bold", "bold", ""),
        ("link", "table", "https://a.example/"),
    ]


def test_headings_lists_and_tables(read: Read) -> None:
    cells = r"\trowd\pard\intbl {}\cell {}\cell\row "
    found = read(
        r"{\stylesheet{\s0 Normal;}{\s1 heading 2;}}\pard\s1 Scope\par"
        r"\pard{\listtext 1.\tab}\ls1\ilvl0 one\par{\listtext\'95\tab}\ls2\ilvl1 dot\par "
        + cells.format("Port", "Height")
        + cells.format("Brest", "7.2")
        + r"\pard End\par"
    )
    assert [(one.kind, one.level, one.label) for one in found.blocks] == [
        ("heading", 2, ""), ("list_item", 0, "1."), ("list_item", 1, "•"), ("table", 0, ""),
        ("paragraph", 0, ""),
    ]  # fmt: skip
    assert found.text == "Scope\n\none\ndot\n\nPort\tHeight\nBrest\t7.2\n\nEnd"
    assert [cell.is_header for cell in found.blocks[3].cells] == [True, True, False, False]


def test_notes_comments_and_headers_are_known_as_such_and_pictures_are_no_text(read: Read) -> None:
    found = read(
        r"{\header Harbour Ltd\par}{\pict\pngblip 89504e47}{\*\unknown words}"
        r"Anchor{\footnote\pard A note}{\*\atnauthor Ann}{\*\annotation Really?} ends\par"
        r"{\shp{\*\shpinst{\sp{\sn shape}{\sv 1}}{\shptxt In a box\par}}}"
    )
    assert kinds(found) == [
        ("paragraph", "Anchor ends"), ("note", "A note"), ("comment", "Really?"),
        ("paragraph", "In a box"), ("header", "Harbour Ltd"),
    ]  # fmt: skip
    assert found.blocks[2].label == "Ann"


def test_title_author_and_day_are_those_of_the_file(read: Read) -> None:
    found = read(
        r"{\info{\upr{\author J?rg}{\*\ud{\author J\u246?rg}}}{\title Tides}"
        r"{\creatim\yr2024\mo3\dy5\hr9}}Words."
    )
    assert (found.title, str(found.content_date)) == ("Tides", "2024-03-05")
    assert (found.metadata, found.text) == ({"author": "Jörg"}, "Words.")


PARTS = (
    rb"{ } \par  \cell \row \intbl \footnote \u-1  \* \uc9  \'e9 \bin3  \f9  \fonttbl \stylesheet "
    rb"\s1  a; \header \fldinst \ \annotation \info \title \u55357?"
).split(b" ")


@examples(300)
@hypothesis.given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_no_order_of_words_fails(parts: list[bytes]) -> None:
    found = rtf_text(b"".join(parts)).extracted()
    assert all(one.start <= one.end <= len(found.text) for one in found.blocks)


def test_rich_text_is_found(add: Callable[..., Document]) -> None:
    document = add(rb"{\rtf1\ansi The moon pulls caf\'e9 tables.\par}", "moon_notes.rtf")
    assert (document.state, document.type) == ("indexed", "rtf")
    assert "café tables" in Passage.objects.get(document=document).text
