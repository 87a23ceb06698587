"""E-books: the chapters in their order, whatever their files are called."""

import io
import zipfile
from datetime import date

import pytest

from documents.errors import IngestError
from tests.documents.extraction.reading import read, shown

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="O/c.opf"/></rootfiles></container>'
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Book of Terns</dc:title>
<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator><dc:subject>birds</dc:subject>
<dc:date>1999-08-07</dc:date></metadata><manifest>
<item id="b" href="../T/two.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="c%200.xhtml#x" media-type="application/xhtml+xml"/>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml"/>
</manifest><spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/>
<itemref idref="gone"/></spine></package>"""
CHAPTERS = {
    "O/c 0.xhtml": "<h1>One</h1><p>Arctic <i>terns</i>&#160;travel.</p>"
    "<aside epub:type='footnote'>Far.</aside>",
    "T/two.xhtml": "<h1>Two</h1><dl><dt>Tern</dt><dd>A bird</dd></dl>",
    "O/nav.xhtml": "<nav epub:type='toc'><ol><li><a href='c%200.xhtml'>One</a></li></ol></nav>",
}  # fmt: skip


def book(**more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("O/c.opf", more.pop("package", PACKAGE))
        for name, body in CHAPTERS.items():
            page = f"<?xml version='1.0'?><html><head><title/></head><body>{body}</body></html>"
            archive.writestr(name, page)
        for name, text in more.items():
            archive.writestr(f"META-INF/{name}.xml", text)
    return stream.getvalue()


def test_chapters_stand_in_the_order_of_the_book() -> None:
    found = read(book(), "a.epub")
    assert shown(found) == [
        ("navigation", "One"),
        ("heading", "One"),
        ("paragraph", "Arctic terns travel."),
        ("note", "Far."),
        ("heading", "Two"),
        ("list_item", "Tern"),
        ("list_item", "A bird"),
    ]
    assert (found.title, found.content_date) == ("Book of Terns", date(1999, 8, 7))
    assert found.metadata == {"author": ["Ann", "Bo"], "tags": ["birds"]}


def test_a_book_without_a_table_of_its_files_is_read_by_their_names() -> None:
    found = read(book(package="<broken"), "a.epub")
    assert "Arctic terns travel." in found.text and "A bird" in found.text


def test_a_locked_book_says_so_and_one_with_disguised_fonts_is_read() -> None:
    cipher = (
        '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
    )
    with pytest.raises(IngestError, match="protected"):
        read(
            book(encryption=cipher.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")), "a.epub"
        )
    fonts = cipher.format("http://www.idpf.org/2008/embedding")
    assert "Arctic terns" in read(book(encryption=fonts), "a.epub").text
