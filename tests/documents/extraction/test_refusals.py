"""What is refused says what to do for that very kind."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from documents.errors import IngestError
from documents.extraction.detector import detect_format
from documents.extraction.formats import FORMATS
from tests.documents import files
from tests.documents.extraction.readers.office.word.word_files import paragraph, word_file
from tests.documents.extraction.reading import read


def ole(*streams: str, rest: bytes = b"") -> bytes:
    """An OLE file whose directory is its first sector."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    header[0x1E:0x20] = (9).to_bytes(2, "little")
    none = b"\xff" * 4
    entries = [
        name.encode("utf-16-le").ljust(64, b"\0")
        + (2 * len(name) + 2).to_bytes(2, "little")
        + bytes([2 if at else 5, 1])  # a stream or the root
        + none
        + ((at + 1).to_bytes(4, "little") if 0 < at < len(streams) else none)
        + (none if at or not streams else (1).to_bytes(4, "little"))
        + b"\0" * 48
        for at, name in enumerate(("Root Entry", *streams))
    ]
    return bytes(header) + b"".join(entries).ljust(512, b"\0") + rest


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


REFUSED = {
    "old PowerPoint": (ole("PowerPoint Document"), "PPTX"),
    "encrypted": (ole("EncryptionInfo", "EncryptedPackage"), "password"),
    "of another old program": (ole("MatOST"), "the program that made it"),
    "Pages": (zipped(**{"Index/Document.iwa": ""}), "Export it as Word"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_without_a_reader_is_refused_by_its_kind(case: str, tmp_path: Path) -> None:
    data, words = REFUSED[case]
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(IngestError, match=words):
        detect_format(tmp_path / "a", "a", "", tuple(FORMATS.values()))


DAMAGED = {
    "old Word": (ole("WordDocument", "ObjectPool"), "doc", "old kind .* save it as DOCX"),
    "old Word with a sheet in it": (
        ole("WordDocument", rest="Workbook".encode("utf-16-le")),
        "doc",
        "old kind .* save it as DOCX",
    ),
    "old Excel": (ole("WORKBOOK"), "xls", "old kind .* save it as XLSX"),
    "older Excel": (ole("Book"), "xls", "old kind .* save it as XLSX"),
    "binary Excel": (zipped(**{"xl/workbook.bin": ""}), "xlsb", "XLSB.* save it as XLSX"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_an_old_file_that_its_reader_cannot_read_is_to_be_saved_anew(
    case: str, tmp_path: Path
) -> None:
    data, name, words = DAMAGED[case]
    (tmp_path / "a").write_bytes(data)
    found = detect_format(tmp_path / "a", "a", "", tuple(FORMATS.values()))
    assert found.name == name
    with pytest.raises(IngestError, match=words):
        found.read(tmp_path / "a")


def test_a_word_file_is_known_whatever_its_main_part_is_called(tmp_path: Path) -> None:
    """Word on the web calls it document2.xml."""
    with zipfile.ZipFile(io.BytesIO(word_file(paragraph("Tides")))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    parts["_rels/.rels"] = parts["_rels/.rels"].replace("document.xml", "document2.xml")
    parts["[Content_Types].xml"] = (
        f'<Override ContentType="{FORMATS["docx"].content_type}.main+xml"/>'
    )
    (tmp_path / "a").write_bytes(zipped(**parts))
    found = detect_format(tmp_path / "a", "a", "", tuple(FORMATS.values()))
    assert (found.name, found.read(tmp_path / "a").text) == ("docx", "Tides")


def broken(data: bytes, method: int) -> bytes:
    """An archive of one member of which the packed bytes are none of its method."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("mimetype", FORMATS["odt"].content_type)
        archive.writestr("content.xml", data)
    packed = bytearray(stream.getvalue())
    start = packed.find(b"content.xml") + len("content.xml")
    packed[start + 12 : start + 60] = b"\xff" * 48
    return bytes(packed)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_of_damaged_bytes_is_damaged(method: int) -> None:
    with pytest.raises(IngestError, match="damaged or was cut short"):
        read(broken(" ".join(map(str, range(4000))).encode(), method), "a.odt")


def test_a_list_of_parts_that_unpacks_without_end_is_a_bomb() -> None:
    """It is looked at before the archive is known to be harmless."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<document/>")
        with archive.open("[Content_Types].xml", "w") as target:
            for _ in range(200):
                target.write(b"0" * 2**20)
    tracemalloc.start()
    with pytest.raises(IngestError, match="unpacks to far more"):
        read(stream.getvalue(), "a.docx")
    assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    tracemalloc.stop()


def test_a_book_is_known_by_its_container_too() -> None:
    with zipfile.ZipFile(io.BytesIO(files.epub("Moon", "The moon pulls."))) as archive:
        members = {name: archive.read(name).decode("latin-1") for name in archive.namelist()}
    del members["mimetype"]
    assert read(zipped(**members), "a.epub").type == "epub"
