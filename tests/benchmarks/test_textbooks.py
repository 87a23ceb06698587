"""Textbooks as training rows and passages."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.training.data.rows import (
    read_passages,
    read_rows,
)
from tests.benchmarks.textbooks import main as read_textbooks


def test_a_folder_of_textbooks_becomes_rows_and_passages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def passage(number: int, path: list[str], text: str) -> dict[str, Any]:
        return {"id": f"bees/m1/{number}", "book": "bees", "module": "Hives", "path": path,
                "text": text}  # fmt: skip

    question = {"kind": "exercise", "book": "bees", "mod": "m1", "q": "Who lays the eggs?",
                "opts": ["a drone", "the queen"], "sol": "B"}  # fmt: skip
    files = {
        "passages": [passage(0, [], "A hive is a house for bees."),
                     passage(1, ["Brood"], "The queen lays all eggs."),
                     passage(2, ["Brood"], "Drones do nothing of the kind.")],
        "passages_md": [],
        "written_queries": [{"id": "bees/m1/1", "q": ["who lays?", "queen eggs", "Drones lay."]}],
        "questions": [question, {**question, "mod": "m9"}],
        "weak_pairs": [{"q": "drone", "p": "a male bee", "book": "bees"}],
    }  # fmt: skip
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    for name, lines in files.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (source / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    monkeypatch.setattr("sys.argv", ["textbooks", str(source), str(target)])
    read_textbooks()
    assert "3 passages, 3 written, 1 headings, 1 questions, 1 glossary" in capsys.readouterr().out
    rows = {name: list(read_rows([target / f"{name}.jsonl"]))
            for name in ("written", "headings", "questions", "glossary")}  # fmt: skip
    first = rows["written"][0]
    assert first.positive == "Hives > Brood\nThe queen lays all eggs."
    assert (first.passage, first.book) == ("bees/m1/1", "bees")
    assert rows["headings"][0].query == "Hives Brood"
    assert rows["headings"][0].positive == "The queen lays all eggs."
    assert rows["questions"][0].passage == "bees/m1/1"
    assert rows["glossary"][0].positive == "a male bee"
    passages = list(read_passages([target / "passages.jsonl"]))
    assert passages[1].section == passages[2].section != passages[0].section
