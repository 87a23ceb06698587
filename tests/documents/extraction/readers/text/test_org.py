"""Org: outline, keywords and blocks of Emacs."""

from datetime import date

from tests.documents.extraction.reading import read, rows, shown

TEXT = """#+TITLE: Tides
#+AUTHOR: Ann
#+FILETAGS: :sea:moon:
#+DATE: <2021-05-06 Thu>
* TODO Neap /tides/ :sea:
  :PROPERTIES:
  :ID: 4
  :END:
They are *weak*, =code= and [[https://a.example][a place]] of
a/b/c paths.
- one
  more
  - two
# a comment
#+BEGIN_SRC python
print(1)
#+END_SRC
#+CAPTION: Ports
| Port  | Height |
|-------+--------|
| Brest | 7      |
#+BEGIN_QUOTE
Said.
#+END_QUOTE
"""


def test_an_outline_is_read_without_its_marks() -> None:
    found = read(TEXT, "a.org")
    assert shown(found) == [
        ("heading", "Neap tides"),
        ("paragraph", "They are weak, code and a place of a/b/c paths."),
        ("list_item", "one more"),
        ("list_item", "two"),
        ("code", "print(1)"),
        ("caption", "Ports"),
        ("table", "Port\tHeight\nBrest\t7"),
        ("quote", "Said."),
    ]
    assert rows(found, 6) == [["Port", "Height"], ["Brest", "7"]]
    assert [m.target for m in found.marks if m.kind == "link"] == ["https://a.example"]


def test_keywords_are_metadata() -> None:
    found = read(TEXT, "a.org")
    assert (found.title, found.content_date) == ("Tides", date(2021, 5, 6))
    assert found.metadata == {"author": "Ann", "tags": ["sea", "moon"]}
