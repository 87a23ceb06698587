import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from documents.models.passage_size import PassageSize
from search_project import env


@pytest.fixture
def setting(monkeypatch):
    return lambda value: monkeypatch.setenv("LANTERN_TEST", value)


def test_an_unset_text_is_its_default():
    assert env.text("LANTERN_TEST", "default") == "default"


def test_a_file_wins_over_the_variable(setting, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    setting("from the variable")
    monkeypatch.setenv("LANTERN_TEST_FILE", str(tmp_path / "secret"))
    assert env.text("LANTERN_TEST") == "from the file"


def test_a_missing_file_is_named(monkeypatch):
    monkeypatch.setenv("LANTERN_TEST_FILE", "/no/such/file")
    with pytest.raises(
        ImproperlyConfigured, match="LANTERN_TEST_FILE=/no/such/file cannot be read"
    ):
        env.text("LANTERN_TEST")


@pytest.mark.parametrize(("value", "expected"), [("ON", True), ("1", True), ("no", False)])
def test_flags_are_read_in_any_case(setting, value, expected):
    setting(value)
    assert env.flag("LANTERN_TEST", not expected) is expected


def test_a_flag_that_is_neither_is_refused(setting):
    setting("perhaps")
    with pytest.raises(ImproperlyConfigured, match="neither on nor off"):
        env.flag("LANTERN_TEST", True)


@pytest.mark.parametrize("value", ["eighty", "-1", "0", "1.5"])
def test_a_number_below_its_minimum_or_no_number_is_refused(setting, value):
    setting(value)
    with pytest.raises(ImproperlyConfigured, match="whole number of at least 1"):
        env.number("LANTERN_TEST", 8000, minimum=1)


def test_an_empty_number_is_its_default(setting):
    setting("")
    assert env.number("LANTERN_TEST", 8000) == 8000


@pytest.mark.parametrize("value", ["1.1", "-0.1", "half"])
def test_a_fraction_lies_between_0_and_1(setting, value):
    setting(value)
    with pytest.raises(ImproperlyConfigured, match="from 0 to 1"):
        env.fraction("LANTERN_TEST", 0.5)


def test_words_are_trimmed_and_empty_ones_dropped(setting):
    setting(" a.example.org , ,b.example.org")
    assert env.words("LANTERN_TEST") == ["a.example.org", "b.example.org"]


def test_one_word_that_is_not_allowed_refuses_the_list(setting):
    setting("a.example.org, https://b.example.org")
    with pytest.raises(
        ImproperlyConfigured, match=r"LANTERN_TEST: https://b.example.org is not a host name"
    ):
        env.words("LANTERN_TEST", r"[\w.]+", "a host name")


@pytest.mark.parametrize("value", ["101", "9" * 5000, "²"])
def test_a_number_above_its_maximum_or_beyond_reading_is_refused(setting, value):
    setting(value)
    with pytest.raises(ImproperlyConfigured, match="is not a whole number from 1 to 100"):
        env.number("LANTERN_TEST", 10, minimum=1, maximum=100)


@pytest.mark.parametrize("value", ["info", "INFO", " Info "])
def test_a_choice_is_read_in_any_case_and_returned_in_its_own(setting, value):
    setting(value)
    assert env.choice("LANTERN_TEST", "WARNING", ("INFO", "WARNING")) == "INFO"


def test_another_choice_is_refused_with_those_that_there_are(setting):
    setting("loud")
    with pytest.raises(ImproperlyConfigured, match="LANTERN_TEST=loud is none of INFO, WARNING"):
        env.choice("LANTERN_TEST", "WARNING", ("INFO", "WARNING"))


def test_an_empty_value_is_the_default_in_every_form(setting, tmp_path):
    setting("")
    assert env.text("LANTERN_TEST", "default") == "default"
    assert env.flag("LANTERN_TEST", True) is True
    assert env.choice("LANTERN_TEST", "a", ("a", "b")) == "a"
    assert env.folder("LANTERN_TEST", tmp_path) == tmp_path


def test_a_file_is_no_folder(setting):
    setting(__file__)
    with pytest.raises(ImproperlyConfigured, match=r"test_env\.py is not a folder"):
        env.folder("LANTERN_TEST", Path("/"))


def test_what_was_asked_for_is_recorded_with_its_default():
    env.flag("LANTERN_RECORDED", True)
    env.number("LANTERN_RECORDED_TOO", 7)
    recorded = (env.NAMES.pop("LANTERN_RECORDED"), env.NAMES.pop("LANTERN_RECORDED_TOO"))
    assert recorded == ("on", "7")


@pytest.mark.processes
@pytest.mark.parametrize(
    ("tokens", "overlap", "said"),
    [
        ("100", "51", "CHUNK_OVERLAP=51 is more than half of CHUNK_TOKENS=100."),
        ("15", "5", "CHUNK_TOKENS=15 is not a whole number from 16 to 8192."),
        ("8193", "5", "CHUNK_TOKENS=8193 is not a whole number from 16 to 8192."),
        ("100", "50", "50"),
        ("30", "", "3"),
    ],
)
def test_no_more_than_half_a_passage_is_repeated(tokens: str, overlap: str, said: str) -> None:
    show = "from search_project import settings; print(settings.CHUNK_OVERLAP)"
    given = {"CHUNK_TOKENS": tokens, "CHUNK_OVERLAP": overlap}
    done = subprocess.run(
        [sys.executable, "-c", show], env=os.environ | given, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.stdout + done.stderr).strip().endswith(said)
    assert (done.returncode == 0) == cuts(int(tokens), int(overlap or said))


def cuts(tokens: int, overlap: int) -> bool:
    """Whether a collection could be cut so."""
    try:
        PassageSize(tokens, overlap).check()
    except ValidationError:
        return False
    return True
