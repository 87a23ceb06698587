"""How many passwords are checked at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from frontend.account import password_gate
from frontend.account.password_gate import GateBusyError, PasswordGate


@contextmanager
def waiting(gate: PasswordGate, known: bool, count: int) -> Iterator[list[str]]:
    """So many threads that ask for a place, and what became of each."""
    outcomes: list[str] = []

    def ask() -> None:
        try:
            with gate.place(known):
                outcomes.append("in")
        except GateBusyError:
            outcomes.append("refused")

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield outcomes
    finally:
        for thread in threads:
            thread.join(10)


def test_one_stranger_waits_and_the_next_is_refused_at_once() -> None:
    gate = PasswordGate(1)
    with ExitStack() as stack, gate.place(known=False):
        outcomes = stack.enter_context(waiting(gate, known=False, count=4))
        while len(outcomes) < 3:
            pass
        assert outcomes == ["refused"] * 3
    assert outcomes == ["refused"] * 3 + ["in"]


def test_known_users_have_a_queue_of_their_own() -> None:
    gate = PasswordGate(1)
    with ExitStack() as stack, gate.place(known=False):
        strangers = stack.enter_context(waiting(gate, known=False, count=3))
        while len(strangers) < 2:
            pass
        known = stack.enter_context(waiting(gate, known=True, count=3))
        assert known == []
    assert sorted(known) == ["in"] * 3


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_gate, "PATIENCE_S", 0.01)
    gate = PasswordGate(1)
    with gate.place(known=False), pytest.raises(GateBusyError), gate.place(known=True):
        pass
    with gate.place(known=True):
        pass


def test_strangers_come_one_after_the_other_when_many_came_at_once() -> None:
    gate = PasswordGate(1, burst=3, pause_s=0.1)

    def lets_in(known: bool) -> bool:
        try:
            with gate.place(known):
                return True
        except GateBusyError:
            return False

    assert [lets_in(known=False) for _ in range(4)] == [True, True, True, False]
    assert all(lets_in(known=True) for _ in range(10))
    time.sleep(0.12)
    assert [lets_in(known=False) for _ in range(2)] == [True, False]
