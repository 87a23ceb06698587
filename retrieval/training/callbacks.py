"""Callbacks of a training run: progress, the time limit, and checkpoints."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from transformers import TrainerCallback

SAVE_SECONDS = 300.0
WARM_UP = 0.1
FILE = "pace.json"

Show = Callable[[float], None]


class PaceCallback(TrainerCallback):
    """Reports the progress of a run: `show` gets the finished share after each step.

    With `seconds`, the run ends after that time of training, including the time before an
    interruption, and the learning rate falls to 0 until then.
    """

    def __init__(self, seconds: float | None, show: Show, spent: float) -> None:
        self.stopped = False
        self._seconds = seconds
        self._show = show
        self._started = time.monotonic() - spent
        self._saved = time.monotonic()
        self._steps = 1

    @property
    def spent(self) -> float:
        return time.monotonic() - self._started

    def share(self, step: int) -> float:
        """The share of the run that is done, from 0 to 1."""
        by_time = self.spent / self._seconds if self._seconds else 0.0
        return min(1.0, max(step / self._steps, by_time))

    def rate(self, step: int) -> float:
        """The factor of the learning rate: it rises for a tenth of the run, then falls to 0."""
        done = self.share(step)
        return done / WARM_UP if done < WARM_UP else (1 - done) / (1 - WARM_UP)

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._steps = state.max_steps

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        done = self.share(state.global_step)
        self._show(done)
        due = time.monotonic() - self._saved > SAVE_SECONDS
        control.should_save = control.should_save or self.stopped or due
        control.should_training_stop = self.stopped or done >= 1

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Write the last file of a checkpoint, which marks it as complete."""
        self._saved = time.monotonic()
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        (folder / FILE).write_text(json.dumps({"spent": self.spent}), encoding="utf-8")

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM end the run after its step, with a checkpoint; a second at once."""
        kept = {which: signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)}

        def stop(number: int, frame: FrameType | None) -> None:
            self.stopped = True
            signal.signal(number, kept[signal.Signals(number)])

        for which in kept:
            signal.signal(which, stop)
        try:
            yield
        finally:
            for which, handler in kept.items():
                signal.signal(which, handler)


def last_checkpoint(folder: Path) -> tuple[Path | None, float]:
    """The newest complete checkpoint, and the seconds of training until then."""
    whole = {int(file.parent.name.rpartition("-")[2]): file for file in folder.glob(f"*/{FILE}")}
    if not whole:
        return None, 0.0
    newest = whole[max(whole)]
    return newest.parent, float(json.loads(newest.read_text(encoding="utf-8"))["spent"])
