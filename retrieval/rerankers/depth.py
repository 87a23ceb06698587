"""How many documents a cross-encoder may read at a search on this machine: measured once."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from documents.embedding import core_count
from retrieval.late_interaction import uniform_weights

if TYPE_CHECKING:
    from retrieval.rerankers.registry import Reranker

LEAST, MOST = 3, 20
# The share of the budget that the reading may take on a machine that does nothing else.
SHARE = 0.5
PROBES = 8
QUERY = "how long does the order take to arrive"
TEXT = "The order arrives after two days at the latest, unless the address is out of reach. " * 10


def affordable_depth(reranker: "Reranker", budget_ms: int | None) -> int:
    """Between LEAST and MOST, the same for every process of the installation and after a restart:
    the first measurement is kept in a file, by model, processors and budget."""
    if budget_ms is None:
        return MOST
    file = Path(settings.VAR_DIR) / "reranker-depth.json"
    key = f"{reranker.fingerprint} {core_count()} {budget_ms}"
    with _alone(file):
        known = _read(file)
        if key not in known:
            fitting = int(SHARE * budget_ms / _milliseconds_each(reranker))
            known = {key: max(LEAST, min(MOST, fitting))}
            _write(file, known)
        return known[key]


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Of processes that start at once one measures, and the others wait for what it finds."""
    with ExitStack() as held:
        with suppress(OSError):  # a folder that cannot be written keeps no measurement either
            file.parent.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context(file.with_suffix(".lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _milliseconds_each(reranker: "Reranker") -> float:
    """For one text of a full passage's length, the better of two runs."""
    runs = []
    for _ in range(2):
        started = time.perf_counter()
        reranker.score(QUERY, [TEXT] * PROBES, uniform_weights)
        runs.append((time.perf_counter() - started) * 1000 / PROBES)
    return max(min(runs), 1e-6)


def _read(file: Path) -> dict[str, int]:
    try:
        return {str(key): int(depth) for key, depth in json.loads(file.read_bytes()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write(file: Path, depths: dict[str, int]) -> None:
    part = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # then the next process measures anew
        part.write_text(json.dumps(depths), encoding="utf-8")
        part.replace(file)
