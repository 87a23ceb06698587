"""Training rows on disk."""

import gzip
from pathlib import Path

import pytest

from retrieval.training.data.rows import (
    CorpusPassage,
    TrainingRow,
    read_passages,
    read_rows,
    write_rows,
)
from retrieval.training.errors import TrainingError

ROW = TrainingRow("what is it?", "the answer", passage="p", section="one")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    rows = [ROW, TrainingRow("q", "p", ("n",), "id", "s", "b", (1.0, 0.5))]
    assert write_rows(tmp_path / "new" / "rows.jsonl", rows) == 2
    assert list(read_rows([tmp_path / "new" / "rows.jsonl"])) == rows
    passages = [CorpusPassage("a", "text"), CorpusPassage("b", "text", "title", "section", "book")]
    write_rows(tmp_path / "passages.jsonl", passages)
    packed = tmp_path / "passages.jsonl.gz"
    packed.write_bytes(gzip.compress((tmp_path / "passages.jsonl").read_bytes()))
    assert list(read_passages([packed])) == passages


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"query": "q"}', "line 2: “positive” is missing"),
        ('{"query": " ", "positive": "p"}', "“query” is missing"),
        ('{"query": 1, "positive": "p"}', "“query” is to be a text"),
        ('{"query": "q", "positive": "p", "negatives": "n"}', "list of texts"),
        ('{"query": "q", "positive": "p", "negatives": ["n"], "scores": [1]}', "one more than"),
        ("[1]", "an object in braces"),
        ("{", "not JSON"),
    ],
)
def test_a_broken_line_is_named(line: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"query": "q", "positive": "p"}\n' + line)
    with pytest.raises(TrainingError, match=sentence):
        list(read_rows([file]))
    with pytest.raises(TrainingError, match="cannot be read"):
        list(read_rows([tmp_path / "nowhere.jsonl"]))
