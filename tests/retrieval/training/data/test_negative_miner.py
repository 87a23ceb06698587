"""Mining of negatives can be interrupted and continued."""

from pathlib import Path
from typing import Any

import pytest

from retrieval.training.data import negative_miner
from retrieval.training.data.hard_negatives import (
    Candidate,
    NegativeRules,
)
from retrieval.training.data.rows import (
    TrainingRow,
)
from tests.retrieval.training.data.example_rows import RANKING

ROWS = [TrainingRow(f"query {n}", "the answer", passage="p", section="one") for n in range(6)]


def mine(out: Path, ranking: Any, made_from: str = "these") -> tuple[int, int]:
    return negative_miner.mine_rows(
        ROWS, ranking, NegativeRules(count=1), out=out, made_from=made_from, tick=lambda: None
    )


def test_a_stopped_mining_goes_on_and_ends_as_one_that_was_not(tmp_path: Path) -> None:
    asked: list[str] = []

    def ranking(query: str) -> list[Candidate]:
        asked.append(query)
        return RANKING if query != "query 4" else []

    def stopping(query: str) -> list[Candidate]:
        if query == "query 3":
            raise KeyboardInterrupt
        return ranking(query)

    assert mine(tmp_path / "whole.jsonl", ranking) == (5, 1)
    with pytest.raises(KeyboardInterrupt):
        mine(tmp_path / "out.jsonl", stopping)
    assert not (tmp_path / "out.jsonl").exists()
    draft = tmp_path / "out.jsonl.part"
    draft.write_bytes(draft.read_bytes() + b'{"query": "half a l')
    asked.clear()
    assert mine(tmp_path / "out.jsonl", ranking) == (5, 1)
    assert asked == ["query 3", "query 4", "query 5"]
    assert (tmp_path / "out.jsonl").read_text() == (tmp_path / "whole.jsonl").read_text()


def test_what_was_mined_elsewhere_is_not_gone_on_with(tmp_path: Path) -> None:
    def stopping(query: str) -> list[Candidate]:
        if query == "query 3":
            raise KeyboardInterrupt
        return RANKING

    with pytest.raises(KeyboardInterrupt):
        mine(tmp_path / "out.jsonl", stopping)
    asked: list[str] = []

    def answering(query: str) -> list[Candidate]:
        asked.append(query)
        return RANKING

    mine(tmp_path / "out.jsonl", answering, "others")
    assert len(asked) == len(ROWS)
