"""Markdown: the words of the page that it makes, and its front matter as metadata."""

from collections.abc import Callable
from datetime import date

import pytest

from documents.models import Document
from tests.documents.extraction.reading import read, rows, shown

FRONT = "---\ntitle: Guide to tits\ndate: 2023-05-06\nauthor: Ann\ntags: [birds, song]\n---\n\n"
Add = Callable[..., Document]


def test_front_matter_is_metadata_and_no_text() -> None:
    found = read(f"{FRONT}Intro.\n\n## Calls\n\nTea cher.\n", "a.md")
    assert (found.title, found.content_date) == ("Guide to tits", date(2023, 5, 6))
    assert found.metadata == {"date": "2023-05-06", "author": "Ann", "tags": ["birds", "song"]}
    assert shown(found) == [
        ("paragraph", "Intro."),
        ("heading", "Calls"),
        ("paragraph", "Tea cher."),
    ]


def test_front_matter_may_be_toml_and_what_is_none_stays_text() -> None:
    found = read('+++\ntitle = "Tits"\ndate = 2023-05-06\ndraft = true\n+++\nText.\n', "a.md")
    assert (found.title, found.text) == ("Tits", "Text.")
    assert found.metadata == {"date": "2023-05-06", "draft": "true"}
    assert "no: [closed" in read("---\nno: [closed\n---\nText.\n", "a.md").text
    assert read("---\na: &x [1]\nb: *x\n---\nText.\n", "a.md").metadata == {}


def test_a_document_has_the_metadata_of_its_file_unless_it_was_given_its_own(add: Add) -> None:
    document = add(FRONT.encode() + b"Intro.", "a.md", metadata={"author": "Bo"})
    assert document.title == "Guide to tits"
    assert document.metadata["author"] == "Bo"
    assert document.metadata["tags"] == ["birds", "song"]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("The **great *tit*** `calls` ~~no~~", [("paragraph", "The great tit calls no")]),
        ("[Tits](https://a.example 'x') and <https://b.example>",
         [("paragraph", "Tits and https://b.example")]),
        ("![A tit](tit.png)", [("image", "A tit")]),
        ("soft\nbreak  \nhard<br>break", [("paragraph", "soft break\nhard\nbreak")]),
        ("snake_case_name and 5 \\* 6 &amp; 7", [("paragraph", "snake_case_name and 5 * 6 & 7")]),
        ("> Said", [("quote", "Said")]),
        ("Tit\n: A bird", [("list_item", "Tit"), ("list_item", "A bird")]),
        ("Said[^1].\n\n[^1]: By Ann.", [("paragraph", "Said [1]."), ("note", "By Ann.")]),
        ("<!-- no --><div align=center>\n\n# Tit {#tit}\n\n</div>", [("heading", "Tit")]),
        ("<p>Raw <b>page</b></p>", [("paragraph", "Raw page")]),
        ("```html\n<html>\n<b>\n```\n\nAfter", [("code", "<html>\n<b>"), ("paragraph", "After")]),
    ],
)  # fmt: skip
def test_marks_of_the_format_are_no_text(text: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(read(text, "a.md")) == blocks


def test_marks_are_kept_beside_the_text() -> None:
    found = read("The **great** [tit](https://a.example) `calls`", "a.md")
    assert [(m.kind, found.text[m.start : m.end], m.target) for m in found.marks] == [
        ("bold", "great", ""),
        ("link", "tit", "https://a.example"),
        ("code", "calls", ""),
    ]


def test_lists_and_tables_have_their_structure() -> None:
    found = read(
        "3. Tit\n   - Marsh\n4. Jay\n\n| Tool | Price |\n|---|---|\n| Saw | 47\\|11 |\n", "a.md"
    )
    assert [(b.kind, b.level, b.label) for b in found.blocks[:3]] == [
        ("list_item", 0, "3."),
        ("list_item", 1, "•"),
        ("list_item", 0, "4."),
    ]
    assert rows(found, 3) == [["Tool", "Price"], ["Saw", "47|11"]]
    assert found.text.endswith("Tool\tPrice\nSaw\t47|11")


def test_the_title_is_the_first_heading_if_none_stands_above_it() -> None:
    assert read("# A *tit*\n\nx\n\n# B\n", "a.md").title == "A tit"
    assert read("## A\n\nx\n\n# B\n", "a.md").title == ""
