"""What a search tells beside its results."""

import pytest

from documents.messages import Message
from retrieval.trace import SearchTrace


def test_a_stage_inside_another_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    trace = SearchTrace()

    with trace.stage("dense"):
        now[0] += 0.004
        with trace.stage("embed"):
            now[0] += 0.030
        now[0] += 0.002
    now[0] += 0.010

    assert trace.took_ms == {"embed": 30.0, "dense": 4.0 + 2.0, "total": 46.0}


def test_a_stage_that_is_entered_again_goes_on_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    trace = SearchTrace()

    for _ in range(3):
        with trace.stage("lexical"):
            now[0] += 0.002

    assert trace.took_ms["lexical"] == 3 * 2.0


def test_what_two_steps_say_is_told_once_in_the_order_of_the_first() -> None:
    trace = SearchTrace()
    too_long, incomplete = Message("query_too_long"), Message("index_incomplete")
    for message in (too_long, incomplete, too_long):
        trace.notice(message)

    assert trace.warnings == (too_long, incomplete)
