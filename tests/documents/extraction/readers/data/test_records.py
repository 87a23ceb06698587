"""JSON: each record a block, each value under its name."""

import pytest

from documents.errors import IngestError
from tests.documents.extraction.reading import read, shown


def test_each_object_of_a_list_is_a_record() -> None:
    found = read(
        '[{"bird": "tit", "calls": ["tea", "cher"]}, {"bird": "jay", "ok": true}]', "a.json"
    )
    assert shown(found) == [
        ("paragraph", "bird: tit\ncalls: tea, cher"),
        ("paragraph", "bird: jay\nok: true"),
    ]


def test_what_holds_fields_stands_above_them() -> None:
    assert read('{"place": {"city": "Bern", "zip": 3000}}', "a.json").text == (
        "place:\ncity: Bern\nzip: 3000"
    )


def test_lists_of_records_inside_a_record_stand_under_their_name() -> None:
    found = read('{"title": "Birds", "birds": [{"name": "tit"}, {"name": "jay"}]}', "a.json")
    assert shown(found) == [
        ("paragraph", "title: Birds"),
        ("heading", "birds"),
        ("paragraph", "name: tit"),
        ("paragraph", "name: jay"),
    ]


def test_each_line_of_json_lines_is_a_record_and_a_broken_one_is_kept() -> None:
    text = '{"id": 0, "a": "dotterel"}\n{"id": 1, "a": "lapwing"}\n' * 30 + "{broken whimbrel\n"
    found = read(text, "a.jsonl")
    assert shown(found)[:2] == [
        ("paragraph", "id: 0\na: dotterel"),
        ("paragraph", "id: 1\na: lapwing"),
    ]
    assert shown(found)[-1] == ("paragraph", "{broken whimbrel")


def test_json_without_a_bottom_harms_nobody() -> None:
    assert read('{"a": ' * 90 + '"tit"' + "}" * 90, "a.json").text.endswith("a: tit")
    deep = '{"a": ' * 200_000 + "1" + "}" * 200_000
    try:
        assert read(deep, "a.json").type == "txt"
    except IngestError as error:
        assert error.permanent


def test_a_notebook_is_its_cells_and_what_they_put_out() -> None:
    book = """{"cells": [
      {"cell_type": "markdown", "metadata": {}, "source": ["# Tits\\n", "They *call*."]},
      {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "print(call)",
       "outputs": [{"output_type": "stream", "name": "stdout", "text": ["tea cher\\n"]},
                   {"output_type": "display_data", "metadata": {},
                    "data": {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]}}]}
     ], "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5}"""
    found = read(book, "a.ipynb")
    assert (found.type, found.title) == ("ipynb", "Tits")
    assert shown(found) == [
        ("heading", "Tits"),
        ("paragraph", "They call."),
        ("code", "print(call)"),
        ("code", "tea cher"),
        ("code", "<Figure>"),
    ]
    with pytest.raises(IngestError, match="damaged"):
        read('{"cells": 3, "nbformat": 4}', "a.ipynb")


def test_numbers_are_as_they_are_written() -> None:
    long = "7" * 5000
    text = f'{{"price": 12.50, "mass": 6.0e24, "id": {long}}}'
    assert read(text, "a.json").text == f"price: 12.50\nmass: 6.0e24\nid: {long}"
    assert read('{"price": 12.50}\n', "a.jsonl").text == "price: 12.50"
