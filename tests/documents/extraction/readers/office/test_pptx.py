"""Slides are pages, with their notes, tables, charts and comments."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm, Pt

from documents.extracted_text import ExtractedText
from documents.extraction.formats import FORMATS
from documents.extraction.readers.office.graphics import diagram_texts
from documents.extraction.readers.office.package import with_simple_names
from documents.extraction.readers.office.pptx import read_pptx
from documents.models import Document, Passage

Read = Callable[[Any], ExtractedText]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(deck: Any) -> ExtractedText:
        deck.save(tmp_path / "a.pptx")
        return read_pptx(tmp_path / "a.pptx", FORMATS["pptx"])

    return read


def kinds(found: ExtractedText) -> list[tuple[str, str]]:
    return [(one.kind, found.text[one.start : one.end]) for one in found.blocks]


def add_slide(deck: Any, title: str, *lines: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = title
    slide.placeholders[1].text = "\n".join(lines)
    return slide


def box_on(slide: Any, *, left: float = 1) -> Any:
    return slide.shapes.add_textbox(Cm(left), Cm(1), Cm(5), Cm(2)).text_frame


def test_a_word_is_one_word_whatever_runs_it_is_parted_into(read: Read) -> None:
    deck = Presentation()
    slide = add_slide(deck, "Zoo & co")
    paragraph = slide.placeholders[1].text_frame.paragraphs[0]
    for part, bold in (("ele", False), ("ph", True), ("ant < ", True), ("mouse", False)):
        run = paragraph.add_run()
        run.text, run.font.bold = part, bold
    paragraph.runs[-1].hyperlink.address = "https://a.example/"
    found = read(deck)
    assert found.text == "Zoo & co\n\nelephant < mouse"
    assert [(m.kind, found.text[m.start : m.end], m.target) for m in found.marks] == [
        ("bold", "phant < ", ""),
        ("link", "mouse", "https://a.example/"),
    ]


def test_slides_are_pages_and_their_titles_headings(read: Read) -> None:
    deck = Presentation()
    add_slide(deck, "Moon", "It pulls.")
    deck.slides.add_slide(deck.slide_layouts[6])
    add_slide(deck, "Sun", "It shines.", "It warms.")
    found = read(deck)
    assert [(one.kind, one.page, one.label) for one in found.blocks] == [
        ("heading", 1, ""), ("list_item", 1, "•"), ("heading", 3, ""), ("list_item", 3, "•"),
        ("list_item", 3, "•"),
    ]  # fmt: skip
    assert (len(found.pages), found.title) == (3, "Moon")


def test_a_slide_without_a_title_begins_with_its_first_line(read: Read) -> None:
    deck = Presentation()
    box_on(deck.slides.add_slide(deck.slide_layouts[6])).text = "Spring tides\nare strong."
    assert kinds(read(deck)) == [("heading", "Spring tides"), ("paragraph", "are strong.")]


def test_notes_tables_charts_and_groups_are_kept(read: Read) -> None:
    deck = Presentation()
    slide = add_slide(deck, "Data")
    table = slide.shapes.add_table(2, 2, Cm(1), Cm(1), Cm(9), Cm(2)).table
    for (row, column), text in {(0, 0): "Port", (0, 1): "Height", (1, 0): "Brest"}.items():
        table.cell(row, column).text = text
    data = CategoryChartData()
    data.categories = ["May"]
    data.add_series("Visitors", (3.5,))
    place = (Cm(1), Cm(5), Cm(9), Cm(5))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(1), Cm(1), Cm(3), Cm(1)).text_frame.text = "In a group"
    slide.notes_slide.notes_text_frame.text = "Say it slowly"
    assert kinds(read(deck))[1:] == [
        ("table", "Port\tHeight\nBrest\t"), ("table", "\tVisitors\nMay\t3.5"),
        ("paragraph", "In a group"), ("note", "Say it slowly"),
    ]  # fmt: skip


def test_the_points_of_a_diagram_are_its_items() -> None:
    diagram = etree.fromstring(
        '<dgm:dataModel xmlns:dgm="urn:dgm" xmlns:a="urn:a"><dgm:ptLst>'
        "<dgm:pt><dgm:t><a:p><a:r><a:t>Ebb &amp; </a:t></a:r><a:r><a:t>flow</a:t></a:r></a:p>"
        '</dgm:t></dgm:pt><dgm:pt type="parTrans"><dgm:t><a:p/></dgm:t></dgm:pt></dgm:ptLst>'
        "</dgm:dataModel>"
    )
    found = [*diagram_texts(with_simple_names(diagram))]
    assert found == ["Ebb & flow"]


def test_what_nobody_sees_on_a_slide_is_hidden(read: Read) -> None:
    deck = Presentation()
    slide = add_slide(deck, "Seen")
    box_on(slide, left=90).text = "beside the slide"
    paragraph = box_on(slide).paragraphs[0]
    paragraph.text = "tiny"
    paragraph.runs[0].font.size = Pt(1)
    assert kinds(read(deck))[1:] == [("hidden", "beside the slide"), ("hidden", "tiny")]


@pytest.mark.parametrize(
    "stated", ["PowerPoint Presentation", "Slide 1", "PowerPoint-Präsentation"]
)
def test_a_title_of_the_program_is_not_that_of_the_talk(stated: str, read: Read) -> None:
    deck = Presentation()
    deck.core_properties.title = stated
    add_slide(deck, "Tides", "Twice a day.")
    found = read(deck)
    assert (found.title, found.content_date) == ("Tides", None)


def test_a_slide_is_found_with_its_page(add: Callable[..., Document]) -> None:
    deck = Presentation()
    add_slide(deck, "Moon", "It pulls.")
    add_slide(deck, "Sun", "It shines.").notes_slide.notes_text_frame.text = "armadillo"
    stream = io.BytesIO()
    deck.save(stream)
    document = add(stream.getvalue(), "talk.pptx")
    assert (document.state, document.title) == ("indexed", "Moon")
    passage = Passage.objects.get(document=document, text__contains="armadillo")
    assert (passage.page, passage.headings) == (2, ["Sun"])
