"""What other parts of the product say is said in German on German pages."""

import inspect
import re

import pytest
from django.utils import translation

from documents import (
    archives,
    claims,
    extraction,
    ingest,
    intake,
    queue,
    reading,
    rearranging,
    sheets,
    sniffing,
)
from documents.drawing import NO_PAGE, NOT_READABLE
from documents.errors import UNEXPECTED
from frontend.saying import said
from retrieval.legs import TOO_LONG
from search_project import health

CONSTANTS = [
    archives.BOMB, extraction.TOO_LONG.format(300), extraction.TOO_MUCH, reading.GONE,
    reading.BLANK, reading.SCANNED, reading._too_long(20_000_000).message, sniffing.DAMAGED,
    sniffing.PROTECTED, sniffing.UNKNOWN, sniffing.OLD, UNEXPECTED, ingest.AWAY,
    claims.DEADLY, rearranging.CHANGED,
    intake.NO_ROOM, queue.DATABASE_AWAY, queue.BROKER_AWAY, sheets.GONE, sheets.TOO_SLOW,
    sheets.TOO_MUCH, NO_PAGE, NOT_READABLE, TOO_LONG, "org/model is loaded.",
]  # fmt: skip


@pytest.mark.parametrize("sentence", CONSTANTS)
def test_sentences_of_other_parts_have_their_german(sentence: str) -> None:
    with translation.override("en"):
        assert said(sentence) == sentence
    with translation.override("de"):
        assert said(sentence) != sentence


def test_all_that_the_health_page_says_has_its_german() -> None:
    written = re.findall(r'Check\((?:True|False), f?"(.+?)"\)', inspect.getsource(health))
    sentences = [re.sub(r"{[^}]+}", "7", one) for one in written]
    sentences.remove("The database answers, but its tables are not there yet.")
    assert len(sentences) > 8
    with translation.override("de"):
        assert [one for one in sentences if said(one) == one] == []


def test_what_varies_is_kept_and_what_is_not_known_stays_as_it_is() -> None:
    with translation.override("de"):
        assert said("A worker was heard from 7 seconds ago.") == (
            "Ein Worker hat sich vor 7 Sekunden gemeldet."
        )
        assert said("a/b is loaded. Reranking with c/d.") == (
            "a/b ist geladen. Genau geprüft wird mit c/d."
        )
        assert said("Something new.") == "Something new." and said("") == ""
