"""Nobody writes lines of their own into the log."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

FORGED = "eve\n2026-01-01 INFO audit sign_in by=root\r\x1b[31m\u2028x"


@pytest.fixture
def formatter() -> logging.Formatter:
    """That of the settings."""
    options: dict[str, Any] = settings.LOGGING["formatters"]["line"]  # type: ignore[index]
    made = import_string(options["()"])(options["format"], style=options["style"])
    assert isinstance(made, logging.Formatter)
    return made


def record(exc_info: object = None) -> logging.LogRecord:
    values = {"name": "x", "msg": "by=%s", "args": (FORGED,), "exc_info": exc_info}
    return logging.makeLogRecord(values)


def test_a_name_with_line_ends_stays_on_its_line(formatter: logging.Formatter) -> None:
    line = formatter.format(record())
    assert len(line.splitlines()) == 1 and "\x1b" not in line
    assert r"by=eve\n2026-01-01 INFO audit sign_in by=root\r\x1b[31m\u2028x" in line


def test_a_traceback_keeps_its_lines(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("Nothing.")
    except ValueError as error:
        lines = formatter.format(record((type(error), error, error.__traceback__))).splitlines()
    assert r"by=eve\n" in lines[0] and lines[-1] == "ValueError: Nothing."
