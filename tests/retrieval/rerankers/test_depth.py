"""How many documents a cross-encoder reads: one measurement for all processes."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from retrieval.rerankers.depth import LEAST, MOST, affordable_depth

pytestmark = pytest.mark.timing


class Timed:
    """Takes so many milliseconds for each text."""

    name = "timed"
    depth, weight = 20, 0.5

    def __init__(self, milliseconds: float, fingerprint: str = "timed") -> None:
        self.milliseconds, self.fingerprint, self.runs = milliseconds, fingerprint, 0

    def reads_whole(self, query: str) -> bool:
        return True

    def score(self, query: str, texts: Sequence[str], weigh: object) -> list[float]:
        self.runs += 1
        time.sleep(len(texts) * self.milliseconds / 1000)
        return [0.0] * len(texts)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def test_a_fast_reranker_reads_all_and_a_slow_one_the_least() -> None:
    assert affordable_depth(Timed(0.0, "fast"), 300) == MOST
    assert affordable_depth(Timed(55.0, "slow"), 300) == LEAST


def test_half_the_budget_is_planned_for() -> None:
    assert LEAST < affordable_depth(Timed(10.0), 300) <= 15


def test_another_process_takes_the_first_measurement(tmp_path: Path) -> None:
    first = affordable_depth(Timed(10.0), 300)
    later = Timed(40.0)
    assert affordable_depth(later, 300) == first
    assert later.runs == 0
    assert affordable_depth(Timed(40.0, "another model"), 300) == LEAST


def test_of_processes_that_start_at_once_one_measures() -> None:
    rerankers = [Timed(milliseconds) for milliseconds in (10.0, 40.0, 20.0)]
    with ThreadPoolExecutor(len(rerankers)) as at_once:
        depths = list(at_once.map(lambda each: affordable_depth(each, 300), rerankers))
    assert len(set(depths)) == 1
    assert sorted(each.runs for each in rerankers) == [0, 0, 2]


def test_a_damaged_file_is_measured_anew(tmp_path: Path) -> None:
    (tmp_path / "reranker-depth.json").write_text("[1, 2")
    assert affordable_depth(Timed(0.0), 300) == MOST


def test_without_a_budget_nothing_is_measured() -> None:
    slow = Timed(1000.0)
    assert (affordable_depth(slow, None), slow.runs) == (MOST, 0)
