import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from documents.passage_size import PassageSize
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


def test_every_setting_is_in_the_readme():
    root = Path(__file__).resolve().parents[2]
    readme = (root / "README.md").read_text()
    source = (root / "search_project/settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    assert len(names) > 20
    assert [name for name in sorted(names) if f"| `{name}` |" not in readme] == []


@pytest.mark.parametrize(
    ("tokens", "overlap", "said"),
    [
        ("100", "51", "CHUNK_OVERLAP=51 is more than 50."),
        ("15", "5", "CHUNK_TOKENS=15 is not a whole number of at least 16."),
        ("8193", "5", "CHUNK_TOKENS=8193 is more than 8192."),
        ("100", "50", "50"),
        ("30", "", "15"),  # the default of 20 would be more than half
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
