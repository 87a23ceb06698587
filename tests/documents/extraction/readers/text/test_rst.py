"""reStructuredText: headings by their order, directives by what they hold."""

import pytest

from tests.documents.extraction.reading import read, rows, shown


def test_headings_have_the_levels_of_their_adornments() -> None:
    found = read("=====\nBirds\n=====\n\nTits\n----\n\nTea.\n\nJays\n----\n\nRah\n~~~\n", "a.rst")
    assert found.title == "Birds"
    assert [(h.title, h.level) for h in found.headings] == [
        ("Birds", 1), ("Tits", 2), ("Jays", 2), ("Rah", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("The **great** *tit* ``calls`` \\* now", [("paragraph", "The great tit calls * now")]),
        ("See `Tits <https://a.example>`_, :ref:`jays <jay>` and :class:`~a.b.Crow`",
         [("paragraph", "See Tits, jays and Crow")]),
        ("Look::\n\n    if tit:\n        call()\n\nAfter",
         [("paragraph", "Look:"), ("code", "if tit:\n    call()"), ("paragraph", "After")]),
        (".. code-block:: python\n   :linenos:\n\n   call()\n", [("code", "call()")]),
        (".. note:: Tits\n   call.\n", [("paragraph", "Tits"), ("paragraph", "call.")]),
        (".. image:: tit.png\n   :alt: A tit\n", [("image", "A tit")]),
        (".. a comment\n   of two lines\n\n.. _target:\n\nText", [("paragraph", "Text")]),
        (".. toctree::\n   :maxdepth: 2\n\n   tits\n   jays\n", [("navigation", "tits\njays")]),
        ("Tit\n   A bird\n", [("list_item", "Tit"), ("list_item", "A bird")]),
        (":Author: Ann\n:Date: May\n", [("paragraph", "Author: Ann\nDate: May")]),
        ("Said [1]_.\n\n.. [1] By Ann.\n", [("paragraph", "Said [1]."), ("note", "By Ann.")]),
        ("   Quoted", [("quote", "Quoted")]),
    ],
)  # fmt: skip
def test_marks_of_the_format_are_no_text(text: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(read(text, "a.rst")) == blocks


def test_lists_nest() -> None:
    found = read("* Tit\n  calls\n\n  - Marsh\n* Jay\n\n2. Crow\n", "a.rst")
    assert [(b.level, b.label, found.text[b.start : b.end]) for b in found.blocks] == [
        (0, "•", "Tit calls"), (1, "•", "Marsh"), (0, "•", "Jay"), (0, "2.", "Crow"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        "====  ======\nBird  Size\n====  ======\nTit   11 cm\n\n      small\nJay   34 cm\n"
        "====  ======\n",
        "+------+-------+\n| Bird | Size  |\n+======+=======+\n| Tit  | 11 cm |\n|      | small |\n"
        "+------+-------+\n| Jay  | 34 cm |\n+------+-------+\n",
    ],
)
def test_tables_have_rows_however_they_are_drawn(table: str) -> None:
    found = read(f"Before\n\n{table}\nAfter\n", "a.rst")
    assert rows(found, 1) == [["Bird", "Size"], ["Tit", "11 cm small"], ["Jay", "34 cm"]]
    assert [cell.is_header for cell in found.blocks[1].cells] == [True, True] + [False] * 4
    assert shown(found)[2] == ("paragraph", "After")
