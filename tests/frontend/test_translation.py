"""The second language: complete, compiled from what is written, and chosen on the page."""

import gettext
import re
from pathlib import Path

from django.test import Client

import frontend

FOLDER = Path(frontend.__file__).parent / "locale/de/LC_MESSAGES"
MARKED = re.compile(r"""\{% translate (["'])(.+?)\1 %\}|\b_\("((?:[^"\\]|\\.)+)"\)""")


def test_every_plain_string_that_is_marked_has_its_translation() -> None:
    with (FOLDER / "django.mo").open("rb") as compiled:
        catalog = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    root = FOLDER.parents[2]
    texts = [path.read_text() for path in (*root.rglob("*.html"), *root.rglob("*.py"))]
    marked = {found[1] or found[2] for text in texts for found in MARKED.findall(text)}
    assert len(marked) > 100
    assert sorted(marked - set(catalog)) == []


def test_the_language_is_chosen_on_the_page_and_stays(db: None) -> None:
    client = Client()
    assert "What are you looking for?" in client.get("/").content.decode()
    client.post("/language/", {"language": "de", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="de">' in page and "Was suchen Sie?" in page
    assert "Library" not in page and "Bibliothek" in page
