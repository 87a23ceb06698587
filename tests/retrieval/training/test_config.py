"""A folder of a training run belongs to one configuration."""

from pathlib import Path

import pytest

from retrieval.training.config import RunFolder, TrainingConfig
from retrieval.training.errors import TrainingError


def test_a_folder_is_of_one_plan(tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text("{}")
    folder = RunFolder(tmp_path / "out")
    folder.take(TrainingConfig((data,), "base"))
    folder.note(learnt=3)
    folder.take(TrainingConfig((data,), "base"))
    assert folder.about["learnt"] == 3
    folder.take(TrainingConfig((data,), "another base"))  # nothing had been done with the first
    folder.checkpoints.mkdir()
    (folder.checkpoints / "checkpoint-1").mkdir()
    with pytest.raises(TrainingError, match="holds another run"):
        folder.take(TrainingConfig((data,), "base", seed=1))
    with pytest.raises(TrainingError, match="holds something else"):
        RunFolder(tmp_path).take(TrainingConfig((data,), "base"))
    with pytest.raises(TrainingError, match="no model that was trained"):
        RunFolder(tmp_path / "nowhere").about  # noqa: B018
