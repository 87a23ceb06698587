"""What training needs no model and no database for: rows, guards, lists, and going on."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from retrieval.training.config import RunFolder, TrainingConfig
from retrieval.training.data import negative_miner
from retrieval.training.data.hard_negatives import (
    Candidate,
    NegativeRules,
    choose_negatives,
    known_positives,
)
from retrieval.training.data.listwise import listwise_examples, query_key, split_rows
from retrieval.training.data.rows import (
    CorpusPassage,
    TrainingRow,
    read_passages,
    read_rows,
    write_rows,
)
from retrieval.training.errors import TrainingError
from tests.benchmarks.textbooks import main as read_textbooks


def found(passage: str, score: float, section: str = "", words: str = "") -> Candidate:
    words = words or f"words of {passage}"
    return Candidate(passage, section, f"Title\n{words}", words, score)


ROW = TrainingRow("what is it?", "the answer", passage="p", section="one")
RANKING = [
    found("above", 0.9),
    found("p", 0.8, "one"),
    found("near", 0.79),
    found("neighbour", 0.6, "one"),
    found("copy", 0.55, words="Words  of P"),
    found("far", 0.5, "two"),
    found("further", 0.4),
]


def chosen(row: TrainingRow = ROW, also: Sequence[str] = (), **rules: Any) -> TrainingRow | None:
    return choose_negatives(row, RANKING, frozenset({"p", *also}), NegativeRules(**rules))


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


def test_negatives_keep_a_margin_below_the_positive_and_come_from_other_sections() -> None:
    row = chosen(margin=0.05)
    assert row
    # .79 is more than .95 of .8; the neighbour is of the same section; the copy says the same.
    assert row.negatives == ("Title\nwords of far", "Title\nwords of further")
    assert row.scores == (0.8, 0.5, 0.4)
    assert row.positive == "Title\nwords of p"


def test_without_a_margin_what_is_above_the_positive_is_a_negative_too() -> None:
    row = chosen(margin=-1)
    assert row and row.scores == (0.8, 0.9, 0.79, 0.5, 0.4)


def test_what_answers_the_same_query_in_another_row_is_no_negative() -> None:
    rows = [ROW, TrainingRow(ROW.query, "another answer", passage="far")]
    assert known_positives(rows) == {ROW.query: frozenset({"p", "far"})}
    row = chosen(also=["far"])
    assert row and row.negatives == ("Title\nwords of further",)


def test_negatives_are_drawn_from_the_depth_and_alike_for_one_seed() -> None:
    draws = {seed: chosen(margin=-1, count=2, seed=seed) for seed in range(8)}
    assert draws == {seed: chosen(margin=-1, count=2, seed=seed) for seed in range(8)}
    assert len({row.negatives for row in draws.values() if row}) > 1
    shallow = chosen(margin=-1, depth=3)
    assert shallow and shallow.scores == (0.8, 0.9, 0.79)


def test_own_negatives_stay_and_mined_ones_fill_up() -> None:
    own = TrainingRow("what is it?", "the answer", ("no answer",), "p", "one")
    row = chosen(own, count=2)
    assert row and row.negatives[0] == "no answer" and len(row.negatives) == 2
    assert row.scores == ()  # the search did not say what it thinks of the first


def test_a_row_whose_passage_is_not_found_is_left_out() -> None:
    assert chosen(TrainingRow("q", "p", passage="elsewhere")) is None
    assert choose_negatives(ROW, [found("p", 0.8)], frozenset({"p"}), NegativeRules()) is None


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


def test_whole_books_are_held_out_and_no_query_is_on_both_sides() -> None:
    rows = [TrainingRow(f"q{n}", "p", book="abcde"[n % 5]) for n in range(50)]
    rows.append(TrainingRow(" Q0 ", "p", book="b"))  # the same query as one of book a
    learnt, held_out = split_rows(rows, (), 0.2, seed=1)
    assert len({row.book for row in held_out} & {row.book for row in learnt}) <= 1
    assert len(held_out) >= 10
    assert not {query_key(r.query) for r in learnt} & {query_key(r.query) for r in held_out}
    assert split_rows(rows, (), 0.2, seed=1) == (learnt, held_out)
    named = split_rows(rows, ("c",), 0.2, seed=1)[1]
    assert {row.book for row in named} == {"c"}
    with pytest.raises(TrainingError, match="No row is of the book z"):
        split_rows(rows, ("z",), 0.2, seed=1)
    with pytest.raises(TrainingError, match="between 0 and 1"):
        split_rows(rows, (), 1.0, seed=1)


def test_without_books_queries_are_held_out() -> None:
    rows = [TrainingRow(f"q{n // 2}", f"p{n}") for n in range(40)]
    learnt, held_out = split_rows(rows, (), 0.25, seed=3)
    assert len(held_out) == 10
    assert not {r.query for r in learnt} & {r.query for r in held_out}


def test_a_list_holds_its_own_negatives_then_answers_to_other_queries() -> None:
    rows = [
        TrainingRow("a", "answer a", ("hard", "answer a too"), section="s", scores=(0.9, 0.8, 0.7)),
        TrainingRow("a", "answer a too", section="s"),
        TrainingRow("b", "answer b", section="s"),
        TrainingRow("c", "answer c", section="t"),
    ]
    first, second, *_ = listwise_examples(rows, 3, seed=0)
    assert first.texts == ("answer a", "hard", "answer c")  # b is of the same section
    assert first.scores == ()
    assert second.texts == ("answer a too", "answer c")
    (short,) = listwise_examples(rows[:1], 2, seed=0)
    assert (short.texts, short.scores) == (("answer a", "hard"), (0.9, 0.8))


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
