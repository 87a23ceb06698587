"""What is to be trained, and the folder in which it is done."""

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
    """All that decides the outcome, but for `minutes` and the device.

    `size` is how many texts a list has, `batch` how many lists make a step. With `fused`, the model
    learns to correct the fused score rather than to do without it.
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
        """From a mapping that holds these fields among others; sequences may be lists."""
        chosen = {field.name: options[field.name] for field in fields(cls)}
        for name in ("data", "held_out_books"):
            chosen[name] = tuple(chosen[name])
        return cls(**chosen)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """The same for the same plan over the same data, wherever the files lie."""
        data = [_hash(path) for path in self.data]
        return asdict(self) | {"data": data, "held_out_books": list(self.held_out_books)}


@dataclass(frozen=True)
class RunFolder:
    """Where a model is trained: at first `checkpoints`, at the end the model, and what made it."""

    path: Path

    @property
    def checkpoints(self) -> Path:
        return self.path / CHECKPOINTS

    @property
    def finished(self) -> bool:
        return (self.path / "config.json").is_file() and (self.path / RUN).is_file()

    @property
    def begun(self) -> bool:
        """Whether there is anything that a run would go on with."""
        return self.finished or any(self.checkpoints.glob("*"))

    def take(self, plan: TrainingConfig) -> None:
        """Mark it as this plan's. Raises TrainingError where it holds what is another's."""
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
        """What is known of the run so far. Raises TrainingError."""
        try:
            about: dict[str, Any] = json.loads((self.path / RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise TrainingError(f"{self.path} holds no model that was trained here.") from None
        return about

    def note(self, **facts: Any) -> None:
        """Add to what is known."""
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
