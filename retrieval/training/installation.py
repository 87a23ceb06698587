"""Installation of a trained model, which `RERANKER_MODEL=auto` prefers to all others."""

import shutil
from pathlib import Path

from retrieval.rerankers import trained_reranker_folder
from retrieval.training.config import CHECKPOINTS


def install_reranker(model: Path) -> Path:
    """Copy `model` to its place and return that; an earlier model is deleted.

    Running web processes load it within minutes (`refresh_rerankers`). Raises OSError.
    """
    place = trained_reranker_folder()
    new, old = (place.with_name(f".{place.name}-{state}") for state in ("new", "old"))
    for left_over in (new, old):
        shutil.rmtree(left_over, ignore_errors=True)
    shutil.copytree(model, new, ignore=shutil.ignore_patterns(CHECKPOINTS, ".*"))
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    return place
