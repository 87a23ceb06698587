"""A text and the structure beside it count in the same offsets."""

from documents.extraction.text_builder import MOST_CELLS, Span, TextBuilder


def built() -> TextBuilder:
    builder = TextBuilder()
    builder.page(1)
    builder.block("heading", "Tides\n and   moon", level=2)
    builder.block(
        "paragraph", [Span("  The "), Span("moon", ("bold", "link"), "https://a.example")]
    )
    builder.block("list_item", "neap", label="•")
    builder.block("list_item", "spring\0", label="•")
    builder.page(3)
    builder.table([["port", "height"], ["", ""], ["Brest", "7.2  m"]], header_rows=1)
    builder.block("paragraph", " \n")
    return builder


def test_blocks_are_parted_by_empty_lines_and_items_by_line_ends() -> None:
    text = "Tides and moon\n\nThe moon\n\nneap\nspring\n\nport\theight\nBrest\t7.2 m"
    assert built().text == text


def test_every_block_and_cell_is_at_its_offsets() -> None:
    found = built().extracted()
    assert [(b.kind, found.text[b.start : b.end], b.page) for b in found.blocks[:4]] == [
        ("heading", "Tides and moon", 1),
        ("paragraph", "The moon", 1),
        ("list_item", "neap", 1),
        ("list_item", "spring", 1),
    ]
    cells = found.blocks[4].cells
    assert [(found.text[c.start : c.end], c.row, c.column, c.is_header) for c in cells] == [
        ("port", 0, 0, True),
        ("height", 0, 1, True),
        ("Brest", 1, 0, False),
        ("7.2 m", 1, 1, False),
    ]
    assert found.headings[0].title == "Tides and moon"
    # Pages 2 and 3 start where the table does, as nothing stands on page 2.
    assert found.pages == [0, found.blocks[4].start, found.blocks[4].start]


def test_a_span_may_be_set_off_in_several_ways() -> None:
    found = built().extracted()
    held = [(m.kind, found.text[m.start : m.end], m.target) for m in found.marks]
    assert held == [("bold", "moon", ""), ("link", "moon", "https://a.example")]


def test_what_is_appended_keeps_its_structure_at_its_new_place() -> None:
    outer = TextBuilder()
    outer.block("heading", "Letter", level=1)
    outer.extend(built(), deeper=1)
    found = outer.extracted()
    assert [found.text[h.start :][:5] for h in found.headings] == ["Lette", "Tides"]
    assert [h.level for h in found.headings] == [1, 3]
    table = found.blocks[-1]
    assert [found.text[c.start : c.end] for c in table.cells] == [
        "port", "height", "Brest", "7.2 m",
    ]  # fmt: skip
    assert found.text[found.marks[0].start : found.marks[0].end] == "moon"


def test_a_page_may_end_within_a_block_and_between_the_rows_of_a_table() -> None:
    builder = TextBuilder()
    builder.page(1)
    builder.block("paragraph", [Span("first "), Span("second", new_page=True)])
    builder.table([["a", "b"], ["", ""], ["c", "d"]], row_pages=[2, 3, 4])
    found = builder.extracted()
    assert [found.text[start:].split("\n")[0] for start in found.pages] == [
        "first second", "second", "c\td", "c\td",
    ]  # fmt: skip
    assert [one.page for one in found.blocks] == [1, 2]


def test_of_a_large_table_only_the_cells_that_name_columns_are_kept_apart() -> None:
    builder = TextBuilder()
    builder.table([["n", "m"], *(["1", "2"] for _ in range(MOST_CELLS // 2))], header_rows=1)
    table = builder.extracted().blocks[0]
    assert [(cell.row, cell.column, cell.is_header) for cell in table.cells] == [
        (0, 0, True), (0, 1, True),
    ]  # fmt: skip


def test_a_page_starts_where_its_first_block_does_also_within_a_list() -> None:
    builder = TextBuilder()
    builder.page(1)
    builder.block("list_item", "neap", label="•")
    builder.page(2)
    builder.block("list_item", "spring", label="•")
    builder.block("list_item", "ebb", label="•")
    found = builder.extracted()
    assert found.text == "neap\n\nspring\nebb"
    assert found.pages == [0, found.blocks[1].start]
    assert [block.page for block in found.blocks] == [1, 2, 2]


def test_what_tag_characters_spell_is_hidden_and_flags_are_not() -> None:
    spelt = "".join(chr(0xE0000 + ord(letter)) for letter in "obey the tide")
    flag = "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
    builder = TextBuilder()
    builder.block("heading", f"Ti{spelt}des {flag}")
    builder.table([["port", f"Brest{spelt}"], ["a", "b"]])
    builder.block("paragraph", spelt)
    found = builder.extracted()
    assert [(b.kind, found.text[b.start : b.end]) for b in found.blocks] == [
        ("heading", f"Tides {flag}"), ("hidden", "obey the tide"),
        ("table", "port\tBrest\na\tb"), ("hidden", "obey the tide"),
        ("hidden", "obey the tide"),
    ]  # fmt: skip
    assert [heading.title for heading in found.headings] == [f"Tides {flag}"]
