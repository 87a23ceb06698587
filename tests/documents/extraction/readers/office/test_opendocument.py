"""Nothing of an OpenDocument file is lost, and its structure is kept."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import FORMATS
from documents.models import Document, Passage

Read = Callable[..., ExtractedText]

SPACE = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{name}="{SPACE}:{uri}:1.0"'
    for name, uri in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
        "presentation": "presentation", "meta": "meta", "chart": "chart",
        "fo": "xsl-fo-compatible", "svg": "svg-compatible",
    }.items()
)  # fmt: skip
NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def opendocument(kind: str, body: str, styles: str = "", meta: str = "", **parts: str) -> bytes:
    stream = io.BytesIO()
    held = f"<office:{KINDS[kind]}>{body}</office:{KINDS[kind]}>"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{KINDS[kind]}")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body>{held}</office:body></office:document-content>",
        )
        archive.writestr("meta.xml", f"<office:document-meta {NAMES}>{meta}</office:document-meta>")
        for name, content in parts.items():
            root = f"<office:document-content {NAMES}>{content}</office:document-content>"
            place = {"chart": "Object 1/content.xml", "pages": "styles.xml"}.get(name, name)
            archive.writestr(place, root)
    return stream.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(kind: str, body: str, *described: str, **parts: str) -> ExtractedText:
        path = tmp_path / f"a.{kind}"
        path.write_bytes(opendocument(kind, body, *described, **parts))
        return FORMATS[kind].read(path)

    return read


def kinds(found: ExtractedText) -> list[tuple[str, str]]:
    return [(one.kind, found.text[one.start : one.end]) for one in found.blocks]


def cell(content: str) -> str:
    return f"<table:table-cell>{content}</table:table-cell>"


def rows(*lines: str) -> str:
    """Rows of a table; cells are parted by |."""
    return "".join(
        "<table:table-row>"
        + "".join(cell(f"<text:p>{each}</text:p>") for each in line.split("|"))
        + "</table:table-row>"
        for line in lines
    )


BOLD = (
    '<style:style style:name="B" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)


def test_spans_spaces_and_links_make_one_text_with_marks(read: Read) -> None:
    found = read(
        "odt",
        '<text:p>R&amp;D <text:span text:style-name="B">stra<text:span>to</text:span></text:span>'
        'sphere<text:s text:c="2"/>5 &lt; 6<text:line-break/>'
        '<text:a xlink:href="https://a.example/?b=1&amp;c=2">table</text:a></text:p>',
        BOLD,
    )
    assert found.text == "R&D stratosphere  5 < 6\ntable"
    assert [(m.kind, found.text[m.start : m.end], m.target) for m in found.marks] == [
        ("bold", "strato", ""),
        ("link", "table", "https://a.example/?b=1&c=2"),
    ]


def test_lists_and_tables_in_cells_are_words_of_the_cell(read: Read) -> None:
    items = "".join(
        f"<text:list-item><text:p>{each}</text:p></text:list-item>" for each in ("kudu", "oryx")
    )
    nested = f"<table:table>{rows('bongo|eland')}</table:table>"
    row = cell(f"<text:list>{items}</text:list>") + cell(nested)
    found = read(
        "odt",
        f"<table:table>{rows('Name|Notes')}<table:table-row>{row}</table:table-row></table:table>",
    )
    assert found.text == "Name\tNotes\nkudu oryx\tbongo eland"
    assert [c.is_header for c in found.blocks[0].cells] == [True, True, False, False]


def test_lists_have_depth_bullets_and_numbers(read: Read) -> None:
    numbered = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="a" style:num-suffix=")"/></text:list-style>'
    )
    inner = "<text:list><text:list-item><text:p>deeper</text:p></text:list-item></text:list>"
    found = read(
        "odt",
        f'<text:list text:style-name="L"><text:list-item><text:p>one</text:p>{inner}'
        "</text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>",
        numbered,
    )
    assert [(one.kind, one.level, one.label) for one in found.blocks] == [
        ("list_item", 0, "a)"), ("list_item", 1, "•"), ("list_item", 0, "b)"),
    ]  # fmt: skip


def test_boxes_notes_comments_pictures_and_charts_follow_their_paragraph(read: Read) -> None:
    anchored = (
        "<draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box></draw:frame>"
        "<text:note><text:note-citation>7</text:note-citation><text:note-body><text:p>A note"
        "</text:p></text:note-body></text:note>"
        "<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024</dc:date>"
        "<text:p>Really?</text:p></office:annotation>"
        "<draw:frame><draw:image/><svg:desc>A rising tide</svg:desc></draw:frame>"
        '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    )
    chart = (
        "<office:body><office:chart><chart:chart><chart:title><text:p>Heights</text:p>"
        f"</chart:title><table:table>{rows('|Brest', 'May|7.2')}</table:table></chart:chart>"
        "</office:chart></office:body>"
    )
    found = read("odt", f"<text:p>Anchor {anchored}ends</text:p>", chart=chart)
    assert [(one.kind, found.text[one.start : one.end], one.label) for one in found.blocks] == [
        ("paragraph", "Anchor ends", ""), ("paragraph", "In the box", ""), ("note", "A note", "7"),
        ("comment", "Really?", "Ann"), ("image", "A rising tide", ""), ("caption", "Heights", ""),
        ("table", "\tBrest\nMay\t7.2", ""),
    ]  # fmt: skip


def test_headings_contents_and_what_pages_repeat_are_known_as_such(read: Read) -> None:
    titled = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
    )
    title = '<style:style style:name="Title" style:family="paragraph"/>'
    found = read(
        "odt",
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        '<text:p text:style-name="P1">Tide tables</text:p>'
        "<text:table-of-content><text:index-body><text:p>Scope 3</text:p></text:index-body>"
        '</text:table-of-content><text:h text:outline-level="2">Scope</text:h>',
        titled + title,
        pages="<office:master-styles><style:master-page><style:header><text:p>Harbour Ltd</text:p>"
        "</style:header></style:master-page></office:master-styles>",
    )
    assert kinds(found) == [
        ("heading", "Tide tables"), ("navigation", "Scope 3"), ("heading", "Scope"),
        ("header", "Harbour Ltd"),
    ]  # fmt: skip
    assert ([one.level for one in found.headings], found.title) == ([1, 2], "Tide tables")


def test_hidden_words_are_apart(read: Read) -> None:
    hidden = (
        '<style:style style:name="H" style:family="text">'
        '<style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="W" style:family="text">'
        '<style:text-properties fo:color="#ffffff"/></style:style>'
    )
    found = read(
        "odt",
        '<text:p>seen<text:span text:style-name="H">secret</text:span>'
        '<text:span text:style-name="W"> snow</text:span></text:p>'
        '<text:section text:display="none"><text:p>section</text:p></text:section>',
        hidden,
    )
    assert kinds(found) == [
        ("paragraph", "seen"),
        ("hidden", "secret snow"),
        ("hidden", "section"),
    ]


def test_words_are_on_the_page_where_the_program_showed_them(read: Read) -> None:
    turn = "<text:soft-page-break/>"
    found = read("odt", f"<text:p>first {turn}second</text:p>{turn}<text:p>third</text:p>")
    assert [found.text[start:].split("\n")[0] for start in found.pages] == [
        "first second", "second", "third",
    ]  # fmt: skip


def test_title_author_and_day_are_those_of_the_file(read: Read) -> None:
    meta = (
        "<office:meta><dc:title>Tides</dc:title><meta:initial-creator>Ann</meta:initial-creator>"
        "<meta:keyword>moon</meta:keyword><meta:keyword>sea</meta:keyword>"
        "<meta:creation-date>2024-03-05T10:00:00</meta:creation-date></office:meta>"
    )
    found = read("odt", "<text:p>Words.</text:p>", "", meta)
    assert (found.title, str(found.content_date)) == ("Tides", "2024-03-05")
    assert found.metadata == {"author": "Ann", "keywords": ["moon", "sea"]}


def test_sheets_show_cells_as_written_and_hidden_ones_apart(read: Read) -> None:
    hidden = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    gap = '<table:table-row table:number-rows-repeated="1000000"/>'
    comment = (
        "<office:annotation><dc:creator>Ann</dc:creator><text:p>Dear!</text:p></office:annotation>"
    )
    cells = cell("<text:p>Rent</text:p>") + cell(f"{comment}<text:p>12,5 %</text:p>")
    priced = f"<table:table-row>{cells}</table:table-row>"
    found = read(
        "ods",
        f'<table:table table:name="Budget">{rows("Item|Share")}{priced}{gap}</table:table>'
        f'<table:table table:name="Secret" table:style-name="ta2">{rows("pangolin")}</table:table>',
        hidden,
    )
    assert kinds(found) == [
        ("heading", "Budget"), ("table", "Item\tShare\nRent\t12,5 %"), ("comment", "Dear!"),
        ("hidden", "pangolin"),
    ]  # fmt: skip


def slide(title: str, text: str, notes: str = "") -> str:
    return (
        '<draw:page><draw:frame presentation:class="outline"><draw:text-box><text:p>'
        f"{text}</text:p></draw:text-box></draw:frame>"
        f'<draw:frame presentation:class="title"><draw:text-box><text:p>{title}</text:p>'
        "</draw:text-box></draw:frame><presentation:notes>"
        '<draw:frame presentation:class="notes"><draw:text-box><text:p/></draw:text-box>'
        f"</draw:frame><draw:frame><draw:text-box><text:p>{notes}</text:p>"
        "</draw:text-box></draw:frame></presentation:notes></draw:page>"
    )


def test_a_slide_is_a_page_under_its_title_with_its_notes(read: Read) -> None:
    found = read("odp", slide("Moon", "It pulls.") + slide("Sun", "It shines.", "Slowly"))
    assert [(one.kind, found.text[one.start : one.end], one.page) for one in found.blocks] == [
        ("heading", "Moon", 1), ("paragraph", "It pulls.", 1), ("heading", "Sun", 2),
        ("paragraph", "It shines.", 2), ("note", "Slowly", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_encrypted_file_is_protected_and_not_damaged(kind: str, read: Read) -> None:
    with pytest.raises(IngestError, match="password"):
        read(kind, "", **{"META-INF/manifest.xml": "<encryption-data/>"})


BODIES = {
    "odt": "<text:p>neap tides</text:p>",
    "ods": f"<table:table>{rows('neap tides|7')}</table:table>",
    "odp": slide("Moon", "neap tides"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_content_and_found(
    kind: str, add: Callable[..., Document]
) -> None:
    document = add(opendocument(kind, BODIES[kind]), "a.zip")
    assert (document.state, document.type) == ("indexed", kind)
    assert "neap tides" in Passage.objects.get(document=document).text
