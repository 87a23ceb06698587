"""Models of the hub: of one revision, with weights that are numbers alone, fetched or cached.

Files of other kinds are not fetched: pickled weights and Python files can run code.
"""

import logging
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from documents.errors import ModelUnavailable

logger = logging.getLogger(__name__)

# The commits that stand for these names where none is given.
PINNED = {
    "sentence-transformers/all-MiniLM-L6-v2": "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
    "cross-encoder/ms-marco-MiniLM-L6-v2": "c5ee24cb16019beea0893ab7796b1df96625c6b8",
}
FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "README.md")
PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class HubModel:
    """A model of the hub; without a revision, what its main branch holds when it is fetched."""

    name: str
    revision: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """From `ORGANIZATION/NAME` or `ORGANIZATION/NAME@REVISION`."""
        name, _, revision = text.partition("@")
        return cls(name, revision or PINNED.get(name, ""))

    def cached(self) -> str | None:
        """Its folder in the hub's cache. Raises ModelUnavailable for one that is pickled."""
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import (
            HfHubHTTPError,
            HFValidationError,
            LocalEntryNotFoundError,
        )

        try:
            folder = snapshot_download(
                self.name,
                revision=self.revision or None,
                allow_patterns=list(FILES),  # others need not be there
                local_files_only=True,
            )
        except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError, ValueError):
            return None
        whole = (Path(folder) / "config.json").is_file()
        return self._checked(folder) if whole else None

    def fetch(self) -> str:
        """Its folder, brought from the hub. Raises ModelUnavailable."""
        from huggingface_hub import snapshot_download

        try:
            folder = snapshot_download(
                self.name, revision=self.revision or None, allow_patterns=list(FILES)
            )
        except Exception as error:  # the hub's client raises errors of several libraries
            raise ModelUnavailable("model_not_fetched", model=self.name) from error
        return self._checked(folder)

    def _checked(self, folder: str) -> str:
        if not _weights_are_safe(Path(folder)):
            raise ModelUnavailable("model_pickled", model=self.name)
        if not COMMIT.fullmatch(self.revision):
            _warn_of_missing_pin(self.name, Path(folder).name)
        return folder


def _weights_are_safe(folder: Path) -> bool:
    """Whether each folder with weights has them as safetensors, which libraries prefer."""
    safe = {path.parent for path in folder.rglob("*.safetensors")}
    pickled = {path.parent for kind in PICKLED for path in folder.rglob(kind)}
    return bool(safe) and pickled <= safe


@cache
def _warn_of_missing_pin(name: str, commit: str) -> None:
    """Once for each in a process."""
    logger.warning(
        "The model %s is not pinned to a commit of the hub, whose owner may change it."
        " It is used as of %s: name it %s@%s to keep to that.",
        name, commit, name, commit,
    )  # fmt: skip
