"""The German translation: complete, compiled from its source, and selectable on pages."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

from django.test import Client
from django.utils.translation.template import templatize

import documents
import frontend
import retrieval

FRONTEND = Path(frontend.__file__).parent
FOLDER = FRONTEND / "locale/de/LC_MESSAGES"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(\w*gettext|_)\({LITERAL}(?:,\s*{LITERAL})?")


def key(function: str, first: str, second: str | None) -> object:
    """What a catalogue keeps the translation of a call under."""
    if function == "pgettext":
        return f"{first}\4{second}"
    return (first, 0) if function == "ngettext" else first


def in_template(text: str) -> Iterator[object]:
    for function, first, second in CALL.findall(templatize(text)):
        yield key(function, ast.literal_eval(first), ast.literal_eval(second) if second else None)


def in_code(text: str) -> Iterator[object]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [str(a.value) for a in node.args if isinstance(a, ast.Constant)]
            if node.func.id in PLAIN | {"ngettext", "pgettext"} and said:
                yield key(node.func.id, said[0], said[1] if len(said) > 1 else None)


def test_all_that_is_marked_has_its_translation_and_no_translation_is_left_over() -> None:
    with (FOLDER / "django.mo").open("rb") as compiled:
        catalog = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    marked: set[object] = set()
    for app in (frontend, documents, retrieval):
        folder = Path(str(app.__file__)).parent
        marked.update(*(in_template(path.read_text()) for path in folder.rglob("*.html")))
        marked.update(*(in_code(path.read_text()) for path in folder.rglob("*.py")))
    marked = {one for one in marked if not from_django(one)}
    assert len(marked) > 200
    known = {one for one in catalog if one and not (isinstance(one, tuple) and one[1])}
    assert sorted(map(str, marked - known)) == []
    assert sorted(map(str, known - marked)) == []


def from_django(one: object) -> bool:
    """What the admin's templates say in words that Django translates itself."""
    return one in ("Home",)


def test_what_is_compiled_is_what_is_written() -> None:
    with (FOLDER / "django.mo").open("rb") as compiled:
        catalog = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    written = (FOLDER / "django.po").read_text()
    said = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', written, re.M)
    assert sorted(text.replace('\\"', '"') for text in said) == sorted(
        text for one, text in catalog.items() if one
    )


def test_the_language_is_chosen_on_the_page_and_stays(db: None) -> None:
    client = Client()
    assert "What are you looking for?" in client.get("/").content.decode()
    client.post("/language/", {"language": "de", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="de">' in page and "Was suchen Sie?" in page
    assert "Library" not in page and "Bibliothek" in page
