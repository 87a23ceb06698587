"""Lines of the logs."""

import logging
import sys
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.conf import settings


@pytest.fixture
def formatter() -> logging.Formatter:
    formatters: Any = settings.LOGGING["formatters"]
    made: logging.Formatter = DictConfigurator({}).configure_formatter(formatters["line"])
    return made


def line(formatter: logging.Formatter, *args: object, exc_info: Any = None) -> str:
    record = logging.LogRecord("audit", logging.INFO, "x.py", 1, "by=%s from=%s", args, exc_info)
    return formatter.format(record)


def test_what_a_user_has_typed_cannot_begin_a_line_of_its_own(
    formatter: logging.Formatter,
) -> None:
    name = "x\n2026-01-01 INFO audit: by=admin\r\u2028\x1b[2J\x85\u202e"
    found = line(formatter, name, "ä→漢")
    assert found.isprintable()
    assert "by=x\\n2026-01-01 INFO audit: by=admin\\r\\u2028\\x1b[2J\\x85\\u202e from=ä→漢" in found


def test_a_traceback_keeps_its_lines(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("bad")
    except ValueError:
        found = line(formatter, "a", "b", exc_info=sys.exc_info())
    assert found.count("\n") > 2 and found.endswith("ValueError: bad")
