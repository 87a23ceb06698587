"""The configuration of a training run, and its folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from retrieval.training.errors import TrainingError

CHECKPOINTS = "checkpoints"
RUN = "training.json"


@dataclass(frozen=True)
class TrainingConfig:
    """The options that decide the result, apart from `minutes` and the device.

    `size` is the number of texts in a list, `batch` the number of lists in a step. With `fused`,
    the model learns to correct the fused score instead of replacing it.
    """

    data: tuple[Path, ...]
    base: str
    seed: int = 0
    layers: int | None = None
    max_length: int = 256
    size: int = 8
    batch: int = 8
    epochs: int = 1
    learning_rate: float = 3e-5
    fused: bool = False
    held_out: float = 0.1
    held_out_books: tuple[str, ...] = ()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "TrainingConfig":
        """The configuration of a mapping with these fields among others; lists become tuples."""
        chosen = {field.name: options[field.name] for field in fields(cls)}
        for name in ("data", "held_out_books"):
            chosen[name] = tuple(chosen[name])
        return cls(**chosen)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """A hash of the configuration and of the content of its files, not of their paths."""
        data = [_hash(path) for path in self.data]
        return asdict(self) | {"data": data, "held_out_books": list(self.held_out_books)}


@dataclass(frozen=True)
class RunFolder:
    """The folder of a run: first `checkpoints`, then the model and a record of its training."""

    path: Path

    @property
    def checkpoints(self) -> Path:
        return self.path / CHECKPOINTS

    @property
    def finished(self) -> bool:
        return (self.path / "config.json").is_file() and (self.path / RUN).is_file()

    @property
    def begun(self) -> bool:
        """Whether there is a run to continue."""
        return self.finished or any(self.checkpoints.glob("*"))

    def take(self, plan: TrainingConfig) -> None:
        """Mark the folder as this configuration's. Raises TrainingError if it has another's."""
        ours = (self.path / RUN).is_file()
        if ours and self.begun and self.about["plan"] != plan.identity:
            raise TrainingError(
                f"{self.path} holds another run, of other data or options: "
                "name another folder, or delete it."
            )
        if not ours and self.path.is_dir() and any(self.path.iterdir()):
            raise TrainingError(f"{self.path} holds something else; name an empty or new folder.")
        self.note(plan=plan.identity)

    @property
    def about(self) -> dict[str, Any]:
        """The record of the run so far. Raises TrainingError."""
        try:
            about: dict[str, Any] = json.loads((self.path / RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise TrainingError(f"{self.path} holds no model that was trained here.") from None
        return about

    def note(self, **facts: Any) -> None:
        """Add to the record."""
        self.path.mkdir(parents=True, exist_ok=True)
        known = self.about if (self.path / RUN).is_file() else {}
        draft = self.path / f".{RUN}"
        draft.write_text(json.dumps(known | facts, indent=1), encoding="utf-8")
        draft.replace(self.path / RUN)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TrainingError(f"{path} cannot be read: {error.strerror}.") from error
