"""A few confined children that work for this process, each on one task at a time."""

import contextlib
import os
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from documents.errors import Failure
from documents.sandbox.reader_process import ReaderProcess, WorkerCrashed

FILE_BYTES = 1 << 30
IDLE_SECONDS = 60.0
T = TypeVar("T")


class SandboxedWorker:
    """Up to `readers` children serve this whole process. Each starts when it is first needed, goes
    when idle, may use only `memory` bytes and write no file of more than `file_bytes`, and is
    killed when a task takes too long. They run confined (docs/operations.md, Readers of files)."""

    def __init__(
        self,
        memory: int,
        *,
        readers: int = 1,
        file_bytes: int = FILE_BYTES,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._limits = memory, file_bytes, idle
        self._seats = threading.BoundedSemaphore(readers)
        self._idle: list[ReaderProcess] = []

    def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        returns: type[T],
        seconds: float,
        wait: float | None = None,
    ) -> T:
        """`function(*arguments)` in a child. Each path among the arguments is opened here; the
        child has a copy, and no way to the file itself. The answer is checked to be of the type
        `returns`, since a child that was taken over may answer anything.

        Raises the ReportedError that the function raised; TimeoutError after `seconds` of work or,
        where `wait` is given, after so many seconds of waiting for a free child; WorkerCrashed when
        the child did not survive it, or answered nonsense.
        """
        if not self._seats.acquire(timeout=wait):
            raise TimeoutError
        try:
            child = self._ready()
            try:
                answer = child.ask(function, arguments, seconds)
                value = _checked(answer, returns)
            except BaseException:
                child.stop()
                raise
            self._idle.append(child)
        finally:
            self._seats.release()
        if isinstance(value, Failure):
            raise value.error()
        return value

    def _ready(self) -> ReaderProcess:
        with contextlib.suppress(IndexError):
            while child := self._idle.pop():
                if child.is_fresh():
                    return child
                child.stop()
        return ReaderProcess(*self._limits)


@cache
def _decoder(returns: Any) -> msgspec.msgpack.Decoder[Any]:
    fields = [("value", returns | None, None), ("failure", Failure | None, None)]
    return msgspec.msgpack.Decoder(msgspec.defstruct("Answer", fields))


def _checked(answer: bytes, returns: type[T]) -> T | Failure:
    try:
        found = _decoder(cast(Any, returns)).decode(answer)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise WorkerCrashed("The child's answer is not what it should be.") from error
    outcome: T | Failure = found.failure or found.value
    return outcome


def usable_cores() -> int:
    """The processors that this process may use."""
    has_affinity = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
