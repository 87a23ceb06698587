"""The commands that the documentation shows are run as they stand, and print what it says."""

import os
import re
import subprocess
from typing import Any

import pytest

from search_project.data_dir import BASE_DIR
from tests.live import LiveStack

TESTED = re.compile(
    r"<!-- tested.*?-->\n```sh\n(?P<commands>.*?)```\n(?:\n```text\n(?P<output>.*?)```\n)?", re.S
)
FILES = [BASE_DIR / "README.md", *sorted((BASE_DIR / "docs").glob("*.md"))]
SHOWN: list[Any] = [
    pytest.param(match, id=f"{path.name}-{number}")
    for path in FILES
    if path.exists()
    for number, match in enumerate(TESTED.finditer(path.read_text(encoding="utf-8")), start=1)
]


def test_the_tour_is_among_the_commands_that_are_tested() -> None:
    assert any("manage.py token" in shown.values[0]["commands"] for shown in SHOWN)


@pytest.mark.parametrize("shown", SHOWN)
def test_the_commands_do_what_the_documentation_says(
    shown: re.Match[str], live_stack: LiveStack
) -> None:
    commands = shown["commands"].replace("http://localhost:8000", live_stack.url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=BASE_DIR,
        env=os.environ | live_stack.env,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if shown["output"] is not None:
        assert done.stdout == shown["output"], done.stderr
