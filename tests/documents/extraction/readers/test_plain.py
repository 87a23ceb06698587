"""Texts, code and logs stay as they are written."""

from tests.documents.extraction.reading import read, shown


def test_paragraphs_are_what_empty_lines_part() -> None:
    text = "\n  Neap tides\nare weak.\n \n\nSpring tides.\n"
    found = read(text, "a.txt")
    assert found.text == text
    assert shown(found) == [("paragraph", "Neap tides\nare weak."), ("paragraph", "Spring tides.")]


def test_code_and_logs_lose_nothing() -> None:
    code = 'def page(x):\n    # the tit\n\n    return "<b>" + x + "</b> & more"\n'
    assert read(code, "a.py").text == code
    assert shown(read(code, "a.py")) == [("code", code.rstrip())]
    log = "".join(f"2024-03-04 10:00:0{n} <tit> & done\n" for n in range(6))
    assert read(log, "a.log").text == log


def test_orders_to_a_terminal_are_no_text() -> None:
    line = "2024-03-04 10:00:00 \x1b[1;31mERROR\x1b[0m tides[0] \x1b]0;title\x07late\x1b[K\n"
    assert read(line * 6, "a.log").text == "2024-03-04 10:00:00 ERROR tides[0] late\n" * 6
