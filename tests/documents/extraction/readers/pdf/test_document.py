"""PDFs from their bytes to text, blocks, pages and metadata."""

from collections.abc import Iterator
from datetime import date

import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdfium2 import PdfiumError

from documents.errors import IngestError
from documents.extraction.readers.pdf.visibility import Box, TextVisibility
from tests.documents import files
from tests.documents.extraction.readers.pdf.pdfs import (
    Read,
    lines_at,
    raw_pdf,
    shown,
    stream,
    text_at,
)

PROSE = ["The tide rises twice a day, and the", "pilots wait for it with their boats."]


def test_a_mark_is_read_as_what_it_is(read: Read) -> None:
    found = read(
        raw_pdf(lines_at(50, 700, ["Welcomed with relief!", "Item #7 costs 5 < 6 & more!"]))
    )
    assert "relief!" in found.text
    assert "Item #7 costs 5 < 6 & more!" in found.text


def test_pages_have_their_numbers_also_after_empty_ones(read: Read) -> None:
    found = read(raw_pdf(text_at(50, 700, "Albatross."), "", "", text_at(50, 700, "Quokka.")))
    assert [block.page for block in found.blocks] == [1, 4]
    assert found.text[found.pages[3] :] == "Quokka."
    assert len(found.pages) == 4


def test_headings_are_set_off_by_size_or_named_by_the_outline(read: Read) -> None:
    page = text_at(50, 750, "Tides", size=24) + text_at(50, 700, "Neaps", size=16)
    page += lines_at(50, 660, PROSE)
    found = read(raw_pdf(page))
    assert [(h.title, h.level) for h in found.headings] == [("Tides", 1), ("Neaps", 2)]
    plain = text_at(50, 750, "Of neaps") + lines_at(50, 700, PROSE)
    outline = [
        "<< /First 11 0 R /Last 11 0 R /Count 1 >>",
        "<< /Title (Of neaps) /Parent 10 0 R /Dest [12 0 R /XYZ 0 800 0] >>",
    ]
    found = read(raw_pdf(plain, objects=outline, catalog="/Outlines 10 0 R"))
    assert [(h.title, h.level) for h in found.headings] == [("Of neaps", 1)]


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("/Title (Tide tables)", "Tide tables"),
        ("/Title (untitled)", "Harbour"),
        ("/Title (Microsoft Word - tides_final.doc)", "Harbour"),
        ("/Title (PowerPoint Presentation)", "Harbour"),
        ("/Title (Slide 1)", "Harbour"),
        ("", "Harbour"),
    ],
)
def test_a_title_is_the_file_s_own_if_it_says_something(
    stated: str, title: str, read: Read
) -> None:
    page = text_at(50, 750, "Harbour", size=24) + lines_at(50, 700, PROSE)
    assert read(raw_pdf(page, info=stated)).title == title


def test_author_subject_keywords_and_date_become_metadata(read: Read) -> None:
    info = (
        "/Author (Ann) /Subject (unspecified) /Keywords (tides, neaps) "
        "/CreationDate (D:20240304100000+01'00')"
    )
    found = read(raw_pdf(lines_at(50, 700, PROSE), info=info))
    assert (found.metadata, found.content_date) == (
        {"author": "Ann", "keywords": ["tides", "neaps"]},
        date(2024, 3, 4),
    )


def test_a_file_inside_is_found_under_its_name_and_is_no_title(read: Read) -> None:
    embedded = [
        stream("The wolverine sleeps.", "/Type /EmbeddedFile"),
        "<< /Type /Filespec /F (minutes.txt) /UF (minutes.txt) /EF << /F 10 0 R >> >>",
    ]
    names = "/Names << /EmbeddedFiles << /Names [(minutes.txt) 11 0 R] >> >>"
    found = read(raw_pdf(lines_at(50, 700, PROSE), objects=embedded, catalog=names))
    assert shown(found)[-2:] == [("heading", "minutes.txt"), ("paragraph", "The wolverine sleeps.")]
    assert found.title == ""


def test_files_inside_files_end_somewhere(read: Read) -> None:
    data = b"Innermost words."
    for depth in range(6):
        embedded = [
            stream(data.decode("latin-1"), "/Type /EmbeddedFile"),
            f"<< /Type /Filespec /F ({depth}.pdf) /EF << /F 10 0 R >> >>",
        ]
        names = f"/Names << /EmbeddedFiles << /Names [({depth}) 11 0 R] >> >>"
        data = raw_pdf(text_at(50, 700, f"Level {depth}."), objects=embedded, catalog=names)
    found = read(data)
    assert [h.title for h in found.headings] == ["5.pdf", "4.pdf", "3.pdf"]
    assert "Level 2." in found.text and "Level 1." not in found.text


UNMAPPED = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding /Identity-H /DescendantFonts ["
    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Odd /CIDSystemInfo "
    "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /Odd /Flags 4 >> >>] >>"
)
UNKNOWN = "BT /F2 12 Tf 50 700 Td <0101010201030104010501060107010801090110> Tj ET"


def test_letters_that_say_nothing_are_no_text(read: Read) -> None:
    with pytest.raises(IngestError, match="without saying which they are"):
        read(raw_pdf(UNKNOWN, objects=[UNMAPPED], fonts="/F2 10 0 R"))
    pages = (text_at(50, 700, "Digital page."), UNKNOWN)
    found = read(raw_pdf(*pages, objects=[UNMAPPED], fonts="/F2 10 0 R"))
    assert (found.text, found.metadata) == ("Digital page.", {"unread_pages": ["2"]})


def test_scanned_pages_among_digital_ones_are_named_without_recognition(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    image = stream("\x80", "/Type /XObject /Subtype /Image /Width 1 /Height 1 "
                   "/ColorSpace /DeviceGray /BitsPerComponent 8")  # fmt: skip
    scan = "q 600 0 0 800 0 0 cm /Im1 Do Q"
    options = {"objects": [image], "resources": "/XObject << /Im1 10 0 R >>"}
    found = read(raw_pdf(scan, text_at(50, 700, "Digital page."), **options))  # type: ignore[arg-type]
    assert (found.text, found.metadata) == ("Digital page.", {"unread_pages": ["1"]})
    with pytest.raises(IngestError, match="Tesseract"):
        read(raw_pdf(scan, **options))  # type: ignore[arg-type]


def test_a_damaged_page_harms_no_other(read: Read) -> None:
    data = raw_pdf(text_at(50, 700, "First page."), text_at(50, 700, "Third page."))
    found = read(
        data.replace(b"/Kids [10 0 R 12 0 R] /Count 2", b"/Kids [10 0 R 3 0 R 12 0 R] /Count 3")
    )
    assert [
        (text, block.page) for (_, text), block in zip(shown(found), found.blocks, strict=True)
    ] == [
        ("First page.", 1),
        ("Third page.", 3),
    ]
    assert found.metadata == {"unread_pages": ["2"]}


@pytest.mark.tesseract
def test_scanned_pages_are_recognised_page_by_page(read: Read) -> None:
    picture = Image.new("L", (900, 220), 255)
    font = ImageFont.load_default(48)
    ImageDraw.Draw(picture).text((40, 80), "Scanned page about bicycles", 0, font)
    data = picture.tobytes().decode("latin-1")
    image = stream(data, "/Type /XObject /Subtype /Image /Width 900 /Height 220 "
                   "/ColorSpace /DeviceGray /BitsPerComponent 8")  # fmt: skip
    scan = "q 450 0 0 110 50 500 cm /Im1 Do Q"
    resources = "/XObject << /Im1 10 0 R >>"
    pages = (text_at(50, 700, "Digital page."), scan)
    found = read(raw_pdf(*pages, objects=[image], resources=resources))
    assert [(text, found.blocks[n].page) for n, (_, text) in enumerate(shown(found))] == [
        ("Digital page.", 1),
        ("Scanned page about bicycles", 2),
    ]


def test_a_file_is_a_pdf_where_it_starts_as_one(read: Read) -> None:
    assert read(b"A PDF starts with %PDF-1.4, they say.\n", "a.txt").type == "txt"
    assert read(b"\n \n" + files.pdf(["Neap tides."]), "a.bin").type == "pdf"
    assert read(b"HTTP junk before it\n" + files.pdf(["Neap tides."])).type == "pdf"


def test_a_page_of_which_a_part_cannot_be_read_harms_no_other(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pdfium fails where a thing on a page has no place."""

    def share(visibility: TextVisibility, *kinds: int) -> Iterator[Box]:
        if visibility.page.get_width() < 600:
            raise PdfiumError("Failed to locate pageobject.")
        yield from ()

    monkeypatch.setattr(TextVisibility, "_areas", share)
    white = text_at(50, 700, "Albatross.", before="1 1 1 rg")
    data = raw_pdf(white, text_at(50, 700, "Quokka."))
    damaged = data.replace(
        b"/Type /Page /Parent", b"/MediaBox [0 0 500 800] /Type /Page /Parent", 1
    )
    found = read(damaged)
    assert (found.text, found.metadata["unread_pages"]) == ("Quokka.", ["1"])


def test_a_paragraph_that_half_of_the_pages_begin_with_is_no_page_header(read: Read) -> None:
    own = [f"Chapter {n} speaks of the harbour." for n in range(6)]
    shared = lines_at(50, 770, [f"{line} {PROSE[0]} {n}" for n, line in enumerate(PROSE * 2)])
    pages = [(shared if n % 2 else "") + text_at(50, 400, own[n]) for n in range(6)]
    found = read(raw_pdf(*pages))
    assert {block.kind for block in found.blocks} == {"paragraph"}
    found = read(raw_pdf(*[shared + text_at(50, 400, line) for line in own]))
    assert [block.kind for block in found.blocks].count("header") == 6
