"""Pictures of texts, page by page. What is recognised in one is Tesseract's, and its size here."""

import io

import pytest
from PIL import Image

from documents.errors import IngestError
from documents.extraction.readers import picture
from tests.documents.extraction.reading import read


def tiff(*widths: int) -> bytes:
    pages = [Image.new("1", (width, 20), 1) for width in widths]
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    return stream.getvalue()


@pytest.fixture
def recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    def text(page: Image.Image) -> str:
        return f"Width {page.width}.\n \nHeight {page.height}." if page.width > 10 else ""

    monkeypatch.setattr(picture, "can_recognise", lambda: True)
    monkeypatch.setattr(picture, "recognised_text", text)


def test_every_page_of_a_picture_is_read_as_a_page(recognised: None) -> None:
    found = read(tiff(30, 5, 40), "a.tiff")
    assert found.type == "tiff"
    assert [(found.text[b.start : b.end], b.page) for b in found.blocks] == [
        ("Width 30.", 1), ("Height 20.", 1), ("Width 40.", 3), ("Height 20.", 3),
    ]  # fmt: skip
    assert len(found.pages) == 3


def test_a_damaged_picture_says_so(recognised: None) -> None:
    for cut in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff" + b"\0" * 99):
        with pytest.raises(IngestError, match="damaged or was cut short"):
            read(cut, "a")


def test_without_recognition_a_picture_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picture, "can_recognise", lambda: False)
    with pytest.raises(IngestError, match="Tesseract"):
        read(tiff(30), "a.tiff")
