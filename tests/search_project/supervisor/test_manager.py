"""The real supervisord, with programs that do as they should not."""

import time

import pytest

from search_project.data_dir import InstallationState
from search_project.errors import StartError
from search_project.supervisor.manager import supervised
from search_project.supervisor.programs import PRODUCT, Program

pytestmark = pytest.mark.processes
SECONDS = 60


@pytest.fixture
def state(tmp_path):
    folder = tmp_path / "100 % of; it"
    folder.mkdir()
    return InstallationState(folder)


def program(state, script, name="beat"):
    log = state.folder("log") / f"{name}.log"
    return Program(name, PRODUCT, ["/bin/sh", "-c", script], "", log, stop_seconds=1)


def watch(manager, seconds=SECONDS):
    """All lines on restarts within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield from manager.restarted()
        time.sleep(0.1)


def test_what_cannot_stay_up_is_named_with_the_end_of_its_log(state):
    with supervised(state, [program(state, "echo 'no clock here'; exit 3")]) as manager:
        manager.start(PRODUCT)
        with pytest.raises(
            StartError, match=r"(?s)beat cannot stay up\. .*beat\.log.*no clock here"
        ):
            list(watch(manager))


@pytest.mark.timing
def test_one_that_does_not_end_when_asked_is_ended_by_force(state):
    with supervised(
        state, [program(state, "trap '' TERM; while :; do sleep 0.1; done")]
    ) as manager:
        manager.start(PRODUCT)
        while not manager.info()["beat"]["pid"]:
            time.sleep(0.05)
        started = time.monotonic()
    assert time.monotonic() - started < 15
    assert manager.process.returncode == 0
