"""Work on files of strangers, in a process of its own that may die without harm."""

import resource
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from loky.process_executor import ProcessPoolExecutor

IDLE_SECONDS = 60
T = TypeVar("T")


class WorkerCrashed(Exception):
    """The child crashed or wanted more memory than it may have; the next call gets a new one."""


class SandboxedWorker:
    """One child serves this whole process: it starts on first use, goes when idle, may use only
    `memory` bytes, and is killed when a piece of work takes too long. One piece at a time, so that
    a file that breaks the child breaks nothing else."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._executor: ProcessPoolExecutor | None = None

    def run(
        self, function: Callable[..., T], *arguments: Any, seconds: float, wait: float = -1
    ) -> T:
        """`function(*arguments)` in the child; what it raises is raised here.

        Raises TimeoutError after `seconds` of work or, where `wait` is given, after so many seconds
        of waiting for other work; ChildDied when the child did not survive it.
        """
        if not self._lock.acquire(timeout=wait):
            raise TimeoutError
        try:
            found: T = self._started().submit(function, *arguments).result(timeout=seconds)
        except TimeoutError:
            self._stop()
            raise
        except (BrokenExecutor, MemoryError) as error:
            self._stop()
            raise WorkerCrashed from error
        finally:
            self._lock.release()
        return found

    def _started(self) -> "ProcessPoolExecutor":
        from loky.process_executor import ProcessPoolExecutor

        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                max_workers=1,
                timeout=IDLE_SECONDS,
                initializer=_limit_memory,
                initargs=(self._memory,),
            )
        return self._executor

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, kill_workers=True)
            self._executor = None


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
