"""The report of an evaluation, as JSON, Markdown and TREC run files."""

import json
import subprocess
import sys
from pathlib import Path

from retrieval.evaluation.report import Report, write_trec
from tests.retrieval.evaluation.example_runs import run_of


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


def test_a_run_file_falls_strictly_and_runs_have_files_of_their_own(tmp_path: Path) -> None:
    run = run_of("d", "hybrid", 0.5)
    (file,) = write_trec(tmp_path / "one.run", [run])
    assert file.read_text() == "q1 Q0 x 1 0.500000 d-hybrid\nq1 Q0 y 2 0.499999 d-hybrid\n"
    names = [path.name for path in write_trec(tmp_path / "all.run", [run, run_of("d", "dense", 1)])]
    assert names == ["all-d-hybrid.run", "all-d-dense.run"]


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
