"""Lines of a page as paragraphs, tables, columns, lists and code, in the order of reading."""

import pytest

from tests.documents.extraction.readers.pdf.pdfs import Read, lines_at, raw_pdf, shown, text_at

LEFT = [f"Left column line {n} goes on and on here" for n in range(8)]
RIGHT = [f"Right column line {n} goes on and on too" for n in range(8)]


def test_lines_that_fill_the_width_are_one_and_others_end(read: Read) -> None:
    lines = ["Neaps are weak at the quarters and", "springs are strong at new moon.", "Bye"]
    assert shown(read(raw_pdf(lines_at(50, 700, lines)))) == [("paragraph", " ".join(lines))]
    address = ["Ann Example, keeper of the harbour", "Quay 1", "1234 Seaside"]
    [(_, text)] = shown(read(raw_pdf(lines_at(50, 700, address))))
    assert text.endswith("Quay 1\n1234 Seaside")


def test_space_between_lines_parts_paragraphs(read: Read) -> None:
    page = lines_at(50, 700, ["First one.", "Goes on."]) + lines_at(50, 650, ["Second one."])
    assert [kind for kind, _ in shown(read(raw_pdf(page)))] == ["paragraph", "paragraph"]


@pytest.mark.parametrize("by_line", [True, False], ids=["line by line", "column by column"])
def test_columns_are_read_one_after_the_other(by_line: bool, read: Read) -> None:
    if by_line:
        page = "".join(
            text_at(50, 700 - 14 * n, one) + text_at(320, 700 - 14 * n, other)
            for n, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True))
        )
    else:
        page = lines_at(50, 700, LEFT) + lines_at(320, 700, RIGHT)
    words = read(raw_pdf(page)).text.replace("\n", " ").split()
    assert words == " ".join(LEFT + RIGHT).split()


def test_cells_know_their_row_and_column(read: Read) -> None:
    rows = [["Region", "Q1", "Q2"], ["Ostrava", "1000", "1001"], ["Brno", "1037", "1075"]]
    page = "".join(
        text_at(50 + 90 * column, 700 - 18 * row, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    )
    found = read(raw_pdf(text_at(50, 740, "Turnover") + page))
    [table] = [block for block in found.blocks if block.kind == "table"]
    cells = [(found.text[c.start : c.end], c.row, c.column, c.is_header) for c in table.cells]
    assert cells[2:5] == [
        ("Q2", 0, 2, True),
        ("Ostrava", 1, 0, False),
        ("1000", 1, 1, False),
    ]


def test_list_items_are_told_apart_with_their_bullets(read: Read) -> None:
    page = "".join(
        text_at(50, y, bullet) + text_at(65, y, text)
        for y, bullet, text in (
            (700, "\x95", "Budget"),
            (684, "\x95", "Holidays"),
            (668, "2.", "Rest"),
        )
    )
    found = read(raw_pdf(page))
    assert [(found.text[b.start : b.end], b.kind, b.label) for b in found.blocks] == [
        ("Budget", "list_item", "•"),
        ("Holidays", "list_item", "•"),
        ("Rest", "list_item", "2."),
    ]


COURIER = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"


def test_code_keeps_its_lines_and_indentation(read: Read) -> None:
    page = (
        "BT /F2 10 Tf 50 700 Td 12 TL (if tide:) Tj 12 -12 Td (wait\\(\\)) Tj T* (go\\(\\)) Tj ET"
    )
    found = read(raw_pdf(page, objects=[COURIER], fonts="/F2 10 0 R"))
    assert shown(found) == [("code", "if tide:\n  wait()\n  go()")]


def test_what_comes_back_on_every_page_is_its_header_or_footer(read: Read) -> None:
    pages = [
        text_at(50, 780, "Tide tables of the harbour")
        + lines_at(50, 700, [f"Words of page {n} about number {n * n}."])
        + text_at(50, 15, f"Harbour office, 2024 - {n}/4")
        for n in (1, 2, 3, 4)
    ]
    found = read(raw_pdf(*pages))
    assert shown(found)[:3] == [
        ("header", "Tide tables of the harbour"),
        ("paragraph", "Words of page 1 about number 1."),
        ("footer", "Harbour office, 2024 - 1/4"),
    ]
    assert [kind for kind, _ in shown(found)].count("paragraph") == 4


def test_chapters_that_start_their_pages_are_no_headers(read: Read) -> None:
    pages = [
        text_at(50, 770, f"Chapter {n}", size=20)
        + lines_at(50, 700, [f"The tide of day {n * n} rises twice.", "Pilots wait for it."])
        for n in (1, 2, 3)
    ]
    found = read(raw_pdf(*pages))
    assert [h.title for h in found.headings] == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(turn: int, read: Read) -> None:
    matrix = {90: "0 1 -1 0 300 100", 180: "-1 0 0 -1 400 400", 270: "0 -1 1 0 300 700"}[turn]
    lines = "".join(
        f"BT /F1 12 Tf {x} {-18 * n} Td ({text}) Tj ET "
        for n, row in enumerate((("Region", "Sum"), ("Brno", "1037"), ("Plzen", "1074")))
        for x, text in zip((0, 150), row, strict=True)
    )
    found = read(raw_pdf(f"{matrix} cm {lines}", page=f"/Rotate {turn}"))
    assert shown(found) == [("table", "Region\tSum\nBrno\t1037\nPlzen\t1074")]
