"""The cache of converted models: one process converts a model while others wait."""

import fcntl
import hashlib
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

logger = logging.getLogger(__name__)

ModelKind = Literal["encoder", "cross-encoder"]
# Increase it when a conversion gives other numbers: models converted before are not used then.
FORMATS: dict[ModelKind, int] = {"encoder": 1, "cross-encoder": 2}
MANIFEST = "manifest.json"
CONVERSION_SECONDS = 900


@dataclass(frozen=True)
class ConvertedModel:
    """A converted model: `model.onnx`, `tokenizer.json` and the values of its manifest."""

    folder: Path
    about: dict[str, Any]

    @property
    def model(self) -> Path:
        return self.folder / "model.onnx"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"


def weights_digest(source: Path) -> str:
    """A hash of the weights and the settings beside them, so that equal files are one revision."""
    digest = hashlib.sha256()
    for file in sorted(source.rglob("*.safetensors")) or sorted(source.rglob("*.bin")):
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    for name in ("modules.json", "config.json", "sentence_bert_config.json"):
        if (source / name).is_file():
            content = json.loads((source / name).read_text(encoding="utf-8"))
            digest.update(json.dumps(content, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def obtain_converted(kind: ModelKind, source: Path, kept_in: Path) -> ConvertedModel | None:
    """The int8 form of the model in `source`, cached under `kept_in`; None if there is none.

    The first call converts the model, which takes about ten seconds; other processes wait for it.
    A model that was found unfit is not converted again.
    """
    folder = kept_in / f"{weights_digest(source)}-{kind}-int8-{FORMATS[kind]}"
    if not (folder / MANIFEST).is_file():
        with _alone(kept_in, folder.name):
            if not (folder / MANIFEST).is_file():
                _make(kind, source, folder)
    if not (folder / MANIFEST).is_file():
        return None
    about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if "unfit" in about:
        logger.warning("%s runs in float: %s", source, about["unfit"])
        return None
    return ConvertedModel(folder, about)


@contextmanager
def _alone(kept_in: Path, name: str) -> Iterator[None]:
    kept_in.mkdir(parents=True, exist_ok=True)
    with (kept_in / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(kind: ModelKind, source: Path, folder: Path) -> None:
    """Convert into a temporary folder and rename it: `folder` is complete if it exists."""
    logger.info("Making the int8 form of %s, once.", source)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as draft:
        whole = Path(draft) / "whole"
        whole.mkdir()
        command = [
            sys.executable,
            "-m",
            "documents.inference.quantization",
            kind,
            source,
            whole,
        ]
        done = subprocess.run(
            [str(part) for part in command],
            cwd=Path(__file__).resolve().parents[2],
            timeout=CONVERSION_SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not (whole / MANIFEST).is_file():
            logger.warning("No int8 form of %s: %s", source, done.stderr.strip()[-500:])
            return
        shutil.rmtree(folder, ignore_errors=True)
        whole.rename(folder)
