"""Tables of text: no cell is lost, and every row names its columns."""

import pytest

from documents.extraction.text_builder import MOST_CELLS
from tests.documents.extraction.reading import read, rows, shown


def test_each_row_names_its_columns_and_keeps_what_goes_beyond_them() -> None:
    text = 'Name,City,Note\nAlbert,Ghent,"likes, commas"\nBerta,Bruges\nCarl,Namur,ok,extra\n'
    found = read(text, "a.csv")
    assert found.text == (
        "Name: Albert\nCity: Ghent\nNote: likes, commas\n\n"
        "Name: Berta\nCity: Bruges\n\n"
        "Name: Carl\nCity: Namur\nNote: ok\nextra"
    )
    assert rows(found) == [
        ["Name", "City", "Note"],
        ["Albert", "Ghent", "likes, commas"],
        ["Berta", "Bruges"],
        ["Carl", "Namur", "ok", "extra"],
    ]
    assert [cell.is_header for cell in found.blocks[0].cells].count(True) == 3


def test_a_table_is_read_the_same_whatever_was_read_before() -> None:
    table = "Product,Description\nLamp,A desk lamp with a long arm\nChair,A chair with legs\n"
    alone = read(table, "b.csv").text
    assert read("a;b\n1;2\n", "a.csv").text == "a: 1\nb: 2"
    assert read(table, "b.csv").text == alone
    assert "Description: A desk lamp with a long arm" in alone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sep=;\nArtikel;Preis\nMutter;0,08\n", "Artikel: Mutter\nPreis: 0,08"),
        ("bird\tsize\ntit\t11\n", "bird: tit\nsize: 11"),
        ('bird,call\n"great ""tit""",tea\n', 'bird: great "tit"\ncall: tea'),
        ('bird,note\ntit,"one\ntwo"\n', "bird: tit\nnote: one two"),
        ("bird,bird\ntit,jay\n", "bird: tit\nbird: jay"),
        ("country,2019,2020\nMalta,4,5\n", "country: Malta\n2019: 4\n2020: 5"),
        ("1,2\n3,4\n", "1\t2\n3\t4"),
        ("bird,size\n", "bird\tsize"),
    ],
)
def test_tables_are_written_in_many_ways(text: str, expected: str) -> None:
    assert read(text, "a.csv").text == expected


def test_lines_before_the_table_are_paragraphs() -> None:
    text = "Report of birds\nMade in May\n\nbird,size,call\n" + "tit,11,tea\njay,34,rah\n" * 3
    assert shown(read(text, "a.csv"))[:2] == [
        ("paragraph", "Report of birds"),
        ("paragraph", "Made in May"),
    ]
    assert rows(read(text, "a.csv"), 2)[:2] == [["bird", "size", "call"], ["tit", "11", "tea"]]


def test_a_quotation_mark_that_nothing_closes_swallows_no_rows() -> None:
    text = 'bird,size\ntit,"11\n' + "".join(f"bird{n},{n}\n" for n in range(90))
    assert "bird: bird89\nsize: 89" in read(text, "a.csv").text


def test_one_uneven_row_leaves_a_table_a_table() -> None:
    lines = [f"{n},Name{n},City{n}" for n in range(30)]
    lines[12] += ",extra"
    found = read("id,name,city\n" + "\n".join(lines), "a.csv")
    assert found.type == "csv"
    assert "id: 12\nname: Name12\ncity: City12\nextra" in found.text


def test_of_a_large_table_only_the_cells_that_name_columns_are_kept_apart() -> None:
    lines = "".join(f"{n},tit\n" for n in range(MOST_CELLS // 2 + 1))
    found = read("id,bird\n" + lines, "a.csv")
    assert rows(found) == [["id", "bird"]]
    assert found.text.endswith("bird: tit")
