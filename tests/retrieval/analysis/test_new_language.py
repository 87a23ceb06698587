"""A language of documents is a code and a stemmer: one more, added from outside."""

import pytest

from retrieval.analysis.analyzer import LANGUAGES, analyzed_terms


def test_a_new_code_stems_as_its_algorithm_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert analyzed_terms("searches", "q1") == ["q1:searches"]  # no rules: as it is written
    monkeypatch.setitem(LANGUAGES, "q2", "english")
    assert analyzed_terms("searches", "q2") == ["q2:search"]
