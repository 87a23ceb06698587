"""Every upload ends as indexed, or as failed with a message for its owner."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction import extractor, parsers
from documents.extraction.formats import PLAIN_TEXT
from documents.ingestion.pipeline import ingest
from documents.library import uploads
from documents.models import Collection, Document, Extraction, Passage
from tests.documents import files
from tests.misbehaving import die, sleep

pytestmark = pytest.mark.processes

Add = Callable[..., Document]


def bomb(member: str) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(member, "w") as target,
    ):
        for _ in range(600):
            target.write(b"0" * 2**20)
    return stream.getvalue()


def lying_bomb(member: str) -> bytes:
    """Declares ten bytes in its directory and unpacks to fifty million."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, b"0" * 50_000_000)
    data = bytearray(stream.getvalue())
    for field in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
        data[field : field + 4] = (10).to_bytes(4, "little")
    return bytes(data)


FAILING = {
    "empty": (b"", "a.txt", "The file is empty."),
    "only spaces": (b"  \n\t \n ", "a.txt", "No text was found in the file."),
    "encrypted PDF": (files.encrypted_pdf(), "a.pdf", "protected by a password"),
    "truncated DOCX": (files.docx([("A", "b")])[:9000], "a.docx", "damaged or was cut short"),
    "truncated PDF": (files.pdf(["words"])[:400], "a.pdf", "damaged or was cut short"),
    "zip bomb": (bomb("word/document.xml"), "a.docx", "unpacks to far more"),
    "lying zip bomb": (lying_bomb("word/document.xml"), "a.docx", "damaged or was cut short"),
    "unknown binary": (bytes(range(256)) * 40, "a.pdf", "not supported"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "DOCX"),
    "protected Word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "a.docx",
        "protected by a password",
    ),
}


@pytest.mark.parametrize("case", FAILING)
def test_what_cannot_be_read_fails_with_a_sentence(case: str, add: Add) -> None:
    data, name, sentence = FAILING[case]
    document = add(data, name)
    assert document.state == "failed"
    assert sentence in document.error
    assert document.error.endswith(".")
    assert not Extraction.objects.filter(document=document).exists()


INDEXED = {
    "a PDF called text": (files.pdf(["Neap tides"]), "a.txt", "pdf", "Neap tides"),
    "a text called PDF": (b"Neap tides are weak.", "a.pdf", "txt", "Neap tides"),
    "a DOCX called CSV": (files.docx([("A", "Neap tides")]), "a.csv", "docx", "Neap tides"),
    "invalid UTF-8": (b"Neap \xff\xfe\x80 tides", "a.txt", "txt", "tides"),
    "NUL bytes": (b"Neap\0 tides are weak at the quarters.", "a.txt", "txt", "Neap tides"),
    "UTF-16 without a mark": ("Neap tides".encode("utf-16-le"), "a.txt", "txt", "Neap tides"),
    "Cyrillic in an old encoding": (
        ("Приливы и отливы бывают дважды в сутки. " * 20).encode("cp1251"),
        "a.txt",
        "txt",
        "Приливы и отливы",
    ),
    "a language nobody has set up": ("Kuutõusud ja -mõõnad. ᚠᚢᚦ ꦗꦮ".encode(), "a.txt", "txt", "ꦗꦮ"),
    "one word without end": (b"a" * 50_000, "a.txt", "txt", "aaa"),
    "a mail of no time zone on earth": (
        b"From: a@b.c\nTo: d@e.f\nSubject: Tides\nDate: Mon, 1 Jan 2000 10:00:00 +99999999999999\n"
        b"MIME-Version: 1.0\nContent-Type: text/plain\n\nNeap tides are weak.\n",
        "a.eml",
        "eml",
        "Neap tides",
    ),
    "a page with a day beyond all calendars": (
        b'<html><head><meta name="date" content="1 Jan 99999999999999999999999 00:00:00"></head>'
        b"<body><p>Neap tides are weak.</p></body></html>",
        "a.html",
        "html",
        "Neap tides",
    ),
    "a page in an encoding that refuses": (
        b'<html><head><meta charset="undefined"></head><body><p>Neap tides \xe9</p></body></html>',
        "a.html",
        "html",
        "Neap tides",
    ),
    "an SVG": (b"<svg xmlns='x'><script>1</script><text>Neap</text></svg>", "a.svg", "xml", "Neap"),
}


@pytest.mark.parametrize("case", INDEXED)
def test_what_can_be_read_is_indexed_by_its_content(case: str, add: Add) -> None:
    data, name, kind, words = INDEXED[case]
    document = add(data, name)
    assert (document.state, document.error, document.type) == ("indexed", "", kind)
    assert Passage.objects.filter(document=document, text__contains=words).exists()


def test_a_fault_of_ours_at_one_file_harms_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_at_one(file: SourceFile, *rest: Any) -> ExtractedText:
        return read(file, *rest) if file.name == "good.txt" else 1 / 0  # type: ignore[return-value]

    read = parsers.parse_file
    monkeypatch.setattr(parsers, "parse_file", fails_at_one)
    (tmp_path / "good.txt").write_text("Neap tides are weak.")
    files = [SourceFile(tmp_path / name, name, "") for name in ("bad.txt", "good.txt")]
    bad, good = parsers.parse_files(files, 1000, [PLAIN_TEXT])
    assert bad.failure and not bad.failure.permanent
    assert good.text and good.text.text == "Neap tides are weak."


def test_a_name_cannot_leave_its_folder_or_break_a_line(add: Add) -> None:
    document = add(b"Neap tides.", "../../etc/pass\nwd\r\0" + "x" * 300 + ".txt")
    assert document.state == "indexed"
    assert document.filename.startswith("pass wd")
    assert document.filename.endswith(".txt")
    assert len(document.filename) == 255
    assert add(b"Spring tides.", "..").filename == "unnamed"


def test_more_text_than_is_taken_is_refused_with_the_limit(add: Add, settings: Any) -> None:
    settings.MAX_TEXT_CHARS = 1000
    document = add(b"Neap tides. " * 1000, "a.txt")
    assert document.state == "failed"
    assert "more than 1,000 characters" in document.error


def test_200_mb_of_text_are_refused_before_they_are_read_in_full(
    collection: Collection, settings: Any, tmp_path: Any
) -> None:
    class Endless:
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"word " * (size // 5)

    stream = Endless()
    with pytest.raises(uploads.IntakeError, match="larger than 100 MB"):
        uploads.add_file(collection, stream, "big.txt", enqueue=False)
    assert stream.read_bytes < 110 * 2**20
    assert not Document.objects.exists()
    assert not [path for path in settings.ORIGINALS_DIR.rglob("*") if path.is_file()]


def test_a_child_that_is_killed_fails_one_document_and_no_other(
    add: Add, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractor, "parse_files", die)
    document = add(b"Neap tides.", "a.txt")
    assert (document.state, document.error_code) == ("queued", "extraction_slow")
    ingest(str(document.pk))
    document.refresh_from_db()
    assert "too much memory or is damaged" in document.error
    monkeypatch.undo()
    assert add(b"Spring tides.", "b.txt").state == "indexed"


@pytest.mark.processes
def test_a_file_that_takes_too_long_is_given_up(
    add: Add, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXTRACTION_TIMEOUT_S = 1
    monkeypatch.setattr(extractor, "parse_files", sleep)
    document = add(b"Neap tides.", "a.txt")
    assert (document.state, document.error_code) == ("queued", "extraction_slow")
    ingest(str(document.pk))
    document.refresh_from_db()
    assert "took longer than 1 seconds" in document.error


def test_a_lost_original_is_said_to_be_lost(collection: Collection, settings: Any) -> None:
    from documents.storage import original_path

    document = uploads.add_file(collection, io.BytesIO(b"x"), "a.txt", enqueue=False).document
    original_path(document.content_hash).unlink()
    ingest(str(document.pk))
    document.refresh_from_db()
    assert (document.state, "Upload it again" in document.error) == ("failed", True)
