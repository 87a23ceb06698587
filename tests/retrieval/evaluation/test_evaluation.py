"""Reading collections, metrics, intervals and reports: arithmetic that can be checked by hand."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.evaluation import grid
from retrieval.evaluation.datasets import beir, judgements
from retrieval.evaluation.datasets.beir import DatasetError
from retrieval.evaluation.report import Report, write_trec
from retrieval.evaluation.runs import Run, compare_runs, headlines, percentiles
from retrieval.evaluation.statistics import bootstrap, cross_validation, metrics

QRELS = {"a": {"1": 1, "2": 0}, "b": {"1": 2, "9": 1}, "c": {"3": 1}}


def write_collection(folder: Path, corpus: str, queries: str, qrels: str) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(corpus)
    (folder / "queries.jsonl").write_text(queries)
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder


GOOD = (
    '{"_id": "1", "title": "T", "text": "x"}\n\n{"_id": "2", "text": ""}\n',
    '{"_id": "a", "text": "one"}\n{"_id": "b", "text": "two"}\n{"_id": "c", "text": "three"}\n',
    "query-id\tcorpus-id\tscore\na\t1\t1\na\t2\t0\nb\t1\t0\n",
)


def test_a_collection_is_read_with_the_queries_that_have_a_relevant_document(
    tmp_path: Path,
) -> None:
    dataset = beir.load_dataset(write_collection(tmp_path / "My Set", *GOOD))
    assert dataset.name == "my-set"
    assert dataset.queries == {"a": "one"}
    assert dataset.qrels == {"a": {"1": 1, "2": 0}}
    assert [(d.id, d.title, d.text, d.empty) for d in dataset.documents()] == [
        ("1", "T", "x", False),
        ("2", "", "", True),
    ]


def test_the_fingerprint_follows_the_text_and_its_order(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "set", *GOOD)
    before = beir.load_dataset(folder).fingerprint()
    assert before[1] == 2
    assert beir.load_dataset(folder).fingerprint() == before
    (folder / "corpus.jsonl").write_text(GOOD[0].replace('"x"', '"y"'))
    assert beir.load_dataset(folder).fingerprint() != before


@pytest.mark.parametrize(
    ("corpus", "queries", "qrels", "sentence"),
    [
        (GOOD[0] + "{", GOOD[1], GOOD[2], "corpus.jsonl, line 4: this is not JSON"),
        (GOOD[0] + "[1]", GOOD[1], GOOD[2], "corpus.jsonl, line 4: expected an object"),
        (GOOD[0] + '{"text": "x"}', GOOD[1], GOOD[2], "corpus.jsonl, line 4: “_id” is missing"),
        (GOOD[0] + '{"_id": "1"}', GOOD[1], GOOD[2], "line 4: the id 1 has been used before"),
        (GOOD[0], '{"_id": "a"}', GOOD[2], "queries.jsonl, line 1: “text” is missing"),
        (GOOD[0], GOOD[1], "a\t1\n", "test.tsv, line 1: expected query, document and whole grade"),
        (GOOD[0], GOOD[1], "a\t1\t0\n", "no query has a document judged relevant"),
        (GOOD[0], GOOD[1], "", "test.tsv holds no judgements"),
    ],
)
def test_what_is_broken_is_said_with_its_place(
    tmp_path: Path, corpus: str, queries: str, qrels: str, sentence: str
) -> None:
    with pytest.raises(DatasetError, match=sentence):
        list(
            beir.load_dataset(
                write_collection(tmp_path / "set", corpus, queries, qrels)
            ).documents()
        )


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is not a folder"):
        beir.load_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match=r"corpus\.jsonl is missing"):
        beir.load_dataset(tmp_path)
    folder = write_collection(tmp_path / "set", *GOOD)
    with pytest.raises(DatasetError, match=r"train\.tsv cannot be read"):
        beir.load_dataset(folder, "train")
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(DatasetError, match=r"qrels/test\.tsv is missing"):
        beir.load_dataset(folder)


def test_metrics_are_those_worked_out_by_hand() -> None:
    found = {"a": ["2", "1"], "b": ["1"]}
    values = metrics.per_query(QRELS, found)
    second = 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx({"a": second, "b": 2 / (2 + second), "c": 0})
    assert values["Recall@100"] == pytest.approx({"a": 1, "b": 0.5, "c": 0})
    assert values["MRR@10"] == pytest.approx({"a": 0.5, "b": 1, "c": 0})
    assert metrics.means(values)["MRR@10"] == pytest.approx(0.5)


def test_the_order_given_is_the_order_measured_however_scores_would_tie() -> None:
    first = metrics.per_query({"q": {"a": 1}}, {"q": ["a", "b", "c"]})
    last = metrics.per_query({"q": {"a": 1}}, {"q": ["c", "b", "a"]})
    assert [each["MRR@10"]["q"] for each in (first, last)] == pytest.approx([1, 1 / 3])


def test_only_the_first_ten_count_for_mrr_and_ndcg() -> None:
    found = {"q": [*map(str, range(10)), "hit"]}
    values = metrics.per_query({"q": {"hit": 1}}, found)
    assert [values[name]["q"] for name in metrics.MEASURES] == [0, 1, 0]


def test_nothing_found_at_all_is_all_zero() -> None:
    assert metrics.means(metrics.per_query(QRELS, {})) == {
        "nDCG@10": 0, "Recall@100": 0, "MRR@10": 0,
    }  # fmt: skip


def test_an_interval_lies_around_the_mean_and_has_the_width_of_theory() -> None:
    values = [float(n % 2) for n in range(400)]
    (difference,) = bootstrap.paired_differences([[0.0] * 400, values])
    assert (difference.first, difference.second) == (1, 0)
    assert difference.mean == pytest.approx(0.5)
    assert difference.low == pytest.approx(0.5 - 1.96 * 0.5 / 20, abs=0.004)
    assert difference.high == pytest.approx(0.5 + 1.96 * 0.5 / 20, abs=0.004)


def test_a_constant_gain_is_certain_and_the_same_each_time() -> None:
    runs = [[0.1, 0.5, 0.9], [0.2, 0.6, 1.0]]
    (difference,) = bootstrap.paired_differences(runs)
    assert (difference.low, difference.high) == pytest.approx((0.1, 0.1))
    assert bootstrap.paired_differences(runs) == [difference]


def test_every_pair_is_compared_once() -> None:
    pairs = [(d.first, d.second) for d in bootstrap.paired_differences([[0.0], [1.0], [2.0]])]
    assert pairs == [(1, 0), (2, 0), (2, 1)]
    assert bootstrap.paired_differences([]) == []


def test_settings_are_read_and_combined_where_they_matter() -> None:
    varied = grid.parse_grid(["dense_weight=0.3,0.7", "fusion=rrf,max_norm"], ["rrf", "max_norm"])
    product_own: dict[str, grid.Value] = {
        "candidates": 100,
        "fusion": "max_norm",
        "dense_weight": 0.5,
    }
    assert grid.combinations("lexical", product_own, varied) == [{"candidates": 100}]
    found = grid.combinations("hybrid", product_own, varied)
    assert [(c["fusion"], c["dense_weight"]) for c in found] == [
        ("rrf", 0.3), ("rrf", 0.7), ("max_norm", 0.3), ("max_norm", 0.7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("depth=3", "is not name=value,value"),
        ("fusion", "is not name=value,value"),
        ("fusion=borda", "no fusion borda"),
        ("dense_weight=half", "“half” is not a number"),
        ("dense_weight=1.5", "not between 0 and 1"),
        ("candidates=0", "less than 1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        grid.parse_grid([text], ["rrf", "max_norm"])


def run_of(dataset: str, mode: str, value: float, **varied: float) -> Run:
    return Run(
        dataset=dataset,
        mode=mode,
        settings={"candidates": 100, **varied},
        varied=varied,
        values={name: {"q1": value, "q2": value} for name in metrics.MEASURES},
        latency_ms=percentiles({"total": [1.0, 3.0]}),
        queries_per_second=10.0,
        found={"q1": [("x", 0.5), ("y", 0.5)], "q2": []},
    )


def test_a_report_has_the_promised_form() -> None:
    runs = [run_of("d", "lexical", 0.2), run_of("d", "hybrid", 0.5)]
    body = Report(runs, {"date": "today"}).as_json()
    assert body["runs"][1]["dataset"] == "d"
    assert body["runs"][1]["mode"] == "hybrid"
    assert body["runs"][1]["metrics"] == {"nDCG@10": 0.5, "Recall@100": 0.5, "MRR@10": 0.5}
    assert body["runs"][1]["latency_ms"] == {"total": {"p50": 2.0, "p95": 2.9}}
    assert body["runs"][1]["settings"] == {"candidates": 100}
    assert body["comparisons"][0] == {
        "dataset": "d", "metric": "nDCG@10", "run": "hybrid", "against": "lexical",
        "difference": 0.3, "interval": [0.3, 0.3],
    }  # fmt: skip
    json.dumps(body)


def test_markdown_shows_runs_and_what_fusion_gains() -> None:
    runs = [run_of("d", "lexical", 0.2), run_of("d", "hybrid", 0.5)]
    text = Report(runs, {"date": "today"}, ["A note."]).as_markdown()
    assert "| hybrid | 0.500 | 0.500 | 0.500 | 10.0 | 2.0 / 2.9 |" in text
    assert "| d | nDCG@10 | hybrid | lexical | +0.300 [+0.300, +0.300] |" in text
    assert "> A note." in text


def test_headlines_compare_what_differs_in_mode_alone() -> None:
    runs = [
        run_of("d", "hybrid", 0.5, dense_weight=0.3),
        run_of("d", "hybrid", 0.6, dense_weight=0.7),
        run_of("d", "hybrid+rerank", 0.7, dense_weight=0.7),
    ]
    named = {(c.run.name, c.against.name) for c in headlines(compare_runs(runs))}
    assert named == {("hybrid+rerank dense_weight=0.7", "hybrid dense_weight=0.7")}


def test_a_setting_is_chosen_without_the_collection_it_is_judged_on() -> None:
    scores = {"x": (0.9, 0.1), "y": (0.2, 0.3), "z": (0.2, 0.4)}
    runs = [
        run_of(dataset, "hybrid", value, dense_weight=weight)
        for dataset, values in scores.items()
        for weight, value in zip((0.3, 0.7), values, strict=True)
    ]
    rows = cross_validation.leave_one_out(runs, "hybrid", {"dense_weight": 0.7})
    # Without x: .2 against .35. Without y or z, x decides: .55 against .25 and .2.
    assert [(row.dataset, row.chosen.setting) for row in rows] == [
        ("x", "dense_weight=0.7"), ("y", "dense_weight=0.3"), ("z", "dense_weight=0.3"),
    ]  # fmt: skip
    assert cross_validation.value_of(rows[0].chosen) == pytest.approx(0.1)
    assert cross_validation.value_of(rows[0].best) == pytest.approx(0.9)
    gap = rows[1].difference
    assert gap is not None
    assert gap.mean == pytest.approx(0.2 - 0.3)
    assert cross_validation.leave_one_out(runs[:2], "hybrid", {}) == []


def test_a_run_file_falls_strictly_and_runs_have_files_of_their_own(tmp_path: Path) -> None:
    run = run_of("d", "hybrid", 0.5)
    (file,) = write_trec(tmp_path / "one.run", [run])
    assert file.read_text() == "q1 Q0 x 1 0.500000 d-hybrid\nq1 Q0 y 2 0.499999 d-hybrid\n"
    names = [path.name for path in write_trec(tmp_path / "all.run", [run, run_of("d", "dense", 1)])]
    assert names == ["all-d-hybrid.run", "all-d-dense.run"]


def test_own_judgements_are_read_from_an_export_or_from_a_file_alone(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "out", *GOOD)
    assert judgements.read_judgements(folder)[0] == {"a": "one"}
    alone = tmp_path / "alone.tsv"
    alone.write_text("solar panels\tdoc\t1\nwind\tdoc\t0\n")
    assert judgements.read_judgements(alone) == (
        {"solar panels": "solar panels"},
        {"solar panels": {"doc": 1}},
    )


def test_the_pure_parts_import_neither_django_nor_torch() -> None:
    names = (
        "datasets.beir", "datasets.judgements", "statistics.metrics", "statistics.bootstrap",
        "statistics.cross_validation", "grid", "runs", "report",
    )  # fmt: skip
    code = (
        "import sys\n"
        + "\n".join(f"import retrieval.evaluation.{name}" for name in names)
        + "\nassert not {'django', 'torch'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
