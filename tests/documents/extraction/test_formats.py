"""Every format, from a real file to passages with their place."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from documents.extraction.dates import content_date
from documents.models import Document, Extraction, Passage, PassageEmbedding
from tests.documents import files

pytestmark = pytest.mark.processes

Add = Callable[..., Document]

FORMATS = {
    "pdf": (files.pdf(["Tides rise twice a day.", "Neap tides are weak."]), "a.pdf", "Neap"),
    "docx": (
        files.docx([("Moon", "The moon pulls."), ("Sun", "Spring tides.")]),
        "a.docx",
        "pulls",
    ),
    "pptx": (files.pptx([("Moon", "It pulls."), ("Sun", "Spring tides.")]), "a.pptx", "Spring"),
    "xlsx": (files.xlsx("Budget", [["Item", "Cost"], ["Chairs", 120]]), "a.xlsx", "Chairs\t120"),
    "odt": (files.odt("Moon", "The moon pulls the sea."), "a.odt", "pulls the sea"),
    "rtf": (files.rtf("The moon pulls caf\\'e9 tables."), "a.rtf", "café tables"),
    "epub": (files.epub("Moon", "The moon pulls the sea."), "a.epub", "pulls the sea"),
    "html": (files.html("Moon", "The moon pulls caf&eacute;."), "a.html", "café"),
    "md": (b"# Moon\n\nThe **moon** pulls the sea.\n", "a.md", "The moon pulls"),
    "txt": ("Der Mond zieht das Meer. Größe.".encode("latin-1"), "a.txt", "Größe"),
    "csv": (b"name,price\nChairs,120\nTables,300\n", "a.csv", "name: Tables"),
    "json": (
        files.json_text({"place": {"city": "Bern"}, "tags": ["alps"]}),
        "a.json",
        "city: Bern",
    ),
    "jsonl": (b'{"bird": "tit"}\n{"bird": "jay"}\n', "a.jsonl", "bird: jay"),
    "ipynb": (
        files.json_text(
            {
                "cells": [{"cell_type": "markdown", "source": ["# Moon\n", "It *pulls*."]}],
                "nbformat": 4,
            }
        ),
        "a.ipynb",
        "It pulls.",
    ),
    "xml": (
        b"<?xml version='1.0'?><sea><p>The <b>moon</b> pulls.</p></sea>",
        "a.xml",
        "moon pulls",
    ),
    "rst": (b"Moon\n====\n\nThe **moon** pulls.\n", "a.rst", "The moon pulls"),
    "org": (b"* Moon\nThe *moon* pulls.\n", "a.org", "The moon pulls"),
    "tex": (b"\\section{Moon} The \\emph{moon} pulls.", "a.tex", "The moon pulls"),
    "code": (b"def moon(sea):\n    return pull(sea) < 3\n", "a.py", "pull(sea) < 3"),
    "yaml": (b"moon:\n  pulls: sea\n", "a.yml", "pulls: sea"),
    "log": (b"2024-03-04 10:00:00 INFO moon <b>pulls</b>\n" * 6, "a.log", "moon <b>pulls</b>"),
    "eml": (files.eml("High water", "The tide is late today."), "a.eml", "tide is late"),
    "mbox": (
        b"From a@b.c Mon Mar  4 10:00:00 2024\n" + files.eml("High water", "The tide is late."),
        "a.mbox",
        "tide is late",
    ),
    "msg": (
        files.msg(message_from_bytes(files.eml("High", "The tide is late."), policy=default)),
        "a.msg",
        "tide is late",
    ),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_becomes_passages_that_are_slices_of_its_text(kind: str, add: Add) -> None:
    data, name, words = FORMATS[kind]
    document = add(data, name)
    assert (document.state, document.error, document.type) == ("indexed", "", kind)
    text = Extraction.objects.get(document=document).text
    passages = list(Passage.objects.filter(document=document))
    assert any(words in passage.text for passage in passages)
    assert all(passage.text == text[passage.start : passage.end] for passage in passages)
    assert (
        PassageEmbedding.objects.filter(passage__in=passages).count()
        == len(passages)
        == document.passages_done
    )


def test_a_pdf_passage_knows_its_page_and_heading(add: Add) -> None:
    pages = [f"Page {n} is about subject number {n}. " * 20 for n in (1, 2, 3)]
    document = add(files.pdf(pages), "book.pdf")
    passage = Passage.objects.filter(document=document, text__contains="subject number 3").first()
    assert (passage.page, passage.headings) == (3, ["Chapter 3"])


def test_a_slide_is_a_page_and_its_title_a_heading(add: Add) -> None:
    document = add(files.pptx([("Moon", "It pulls."), ("Sun", "Spring tides.")]), "talk.pptx")
    passage = Passage.objects.get(document=document, text__contains="Spring")
    assert (passage.page, passage.headings) == (2, ["Sun"])


def test_headings_nest_and_formats_without_pages_have_none(add: Add) -> None:
    text = b"# Sea\n\nIntroduction here.\n\n## Tides\n\nTwice a day.\n\n# Sky\n\nBlue.\n"
    document = add(text, "a.md")
    found = Passage.objects.filter(document=document).values_list("text", "headings", "page")
    assert [(text.split("\n")[-1], headings, page) for text, headings, page in found] == [
        ("Introduction here.", ["Sea"], None),
        ("Twice a day.", ["Sea", "Tides"], None),
        ("Blue.", ["Sky"], None),
    ]


def test_a_document_is_called_what_it_calls_itself_unless_named(add: Add) -> None:
    assert add(files.html("Moon", "The moon."), "x.html").title == "A page"
    assert add(files.eml("High water", "Late."), "x.eml").title == "High water"
    assert add(files.html("Sun", "The sun."), "y.html", title="Mine").title == "Mine"


def test_a_document_is_of_the_year_that_its_file_names(add: Add) -> None:
    mail = files.eml("High water", "Late.")
    sent = b"Date: Mon, 01 May 2017 23:30:00 -0800\r\n" + mail
    assert (add(sent, "x.eml").year, add(mail, "y.eml").content_date) == (2017, None)
    page = b'<html><head><meta name="date" content="2019-04-01"></head><body><p>The moon.'
    assert add(page, "x.html").content_date == date(2019, 4, 1)
    assert add(files.pdf(["The moon."]), "x.pdf").content_date == datetime.now(UTC).date()
    assert add(b"The moon.", "x.txt", metadata={"date": "1843"}).year == 1843


def test_a_date_that_is_none_or_was_never_set_is_passed_over() -> None:
    assert content_date({"created_at": "2026-01-01T00:00:00Z"}) == date(2026, 1, 1)
    tags = {"date": "spring", "article-published_time": "2018-02-03T00:00:00Z"}
    assert content_date({"meta_tags": tags, "created_at": "2020-01-01"}) == date(2018, 2, 3)
    for nothing in ("", "soon", "1970-01-01T00:00:00Z", "2026-13-01", "Mon, 99 May 2017", None):
        assert content_date({"created_at": nothing}) is None


def test_scripts_are_no_text(add: Add) -> None:
    document = add(files.html("Moon", "The moon."), "x.html")
    assert "alert" not in Extraction.objects.get(document=document).text


def test_the_attachments_of_a_mail_follow_it_under_their_names(add: Add) -> None:
    document = add(
        files.eml(
            "High water",
            "See the files.",
            moon_docx=files.docx([("Neap tides", "They are weak at the quarters.")]),
            sun_pdf=files.pdf(["Spring tides are strong at new moon and at full moon. " * 9]),
            noise_bin=bytes(range(32)) * 9 + b"hidden",
        ),
        "a.eml",
    )
    passages = Passage.objects.filter(document=document)
    assert not passages.filter(text__contains="hidden").exists()
    for words, headings in (
        ("See the files.", []),
        ("They are weak", ["moon.docx", "Neap tides"]),
        ("Spring tides are strong", ["sun.pdf", "Chapter 1"]),
    ):
        passage = passages.filter(text__contains=words).first()
        assert (passage.headings, passage.page) == (headings, None)
