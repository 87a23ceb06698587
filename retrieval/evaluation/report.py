"""A report of runs as JSON, Markdown and TREC run files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from retrieval.evaluation.runs import Comparison, Run, compare_runs, headlines
from retrieval.evaluation.statistics.cross_validation import LeftOut, mean_of, table, value_of
from retrieval.evaluation.statistics.metrics import MEASURES

MAIN = "nDCG@10"


@dataclass(frozen=True)
class Report:
    """The results of one call of `evaluate`. `about` holds command, date and models; `notes` are
    sentences about failures."""

    runs: Sequence[Run]
    about: Mapping[str, str]
    notes: Sequence[str] = ()
    choices: Mapping[str, Sequence[LeftOut]] | None = None  # by mode

    def comparisons(self) -> list[Comparison]:
        return compare_runs(self.runs)

    def as_json(self) -> dict[str, Any]:
        return {
            "runs": [run.as_json() for run in self.runs],
            "comparisons": [comparison.as_json() for comparison in self.comparisons()],
            "choices": {
                mode: [row.as_json() for row in rows] for mode, rows in (self.choices or {}).items()
            },
            "about": dict(self.about),
            "notes": list(self.notes),
        }

    def as_markdown(self) -> str:
        parts = ["\n".join(f"- {name}: {value}" for name, value in self.about.items())]
        by_dataset = groupby(self.runs, lambda run: run.dataset)
        parts += [_runs_table(dataset, list(runs)) for dataset, runs in by_dataset]
        parts.append(_comparisons_table(headlines(self.comparisons())))
        for mode, rows in (self.choices or {}).items():
            parts += [_settings_table(self.runs, mode), _choice_table(mode, rows)]
        parts += [f"> {note}" for note in self.notes]
        return "\n\n".join(part for part in parts if part) + "\n"


def write_trec(path: Path, runs: Sequence[Run]) -> list[Path]:
    """Write TREC run files: `path` for one run, else one beside it for each. Returns the paths.

    Scores fall strictly, so that programs that sort by them keep the order.
    """
    written = []
    for run in runs:
        label = re.sub(r"[^\w.+=-]+", "_", f"{run.dataset}-{run.name}")
        file = path if len(runs) == 1 else path.with_name(f"{path.stem}-{label}{path.suffix}")
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(_trec_lines(run, label))
        written.append(file)
    return written


def _trec_lines(run: Run, label: str) -> Iterable[str]:
    for query, found in run.found.items():
        last = float("inf")
        for rank, (document, score) in enumerate(found, start=1):
            last = min(score, last - 1e-6)
            yield f"{query} Q0 {document} {rank} {last:.6f} {label}\n"


def interval(difference: float, low: float, high: float) -> str:
    """A difference with its interval: +.015 [+.005, +.025]."""
    return f"{difference:+.3f} [{low:+.3f}, {high:+.3f}]"


def _runs_table(dataset: str, runs: Sequence[Run]) -> str:
    queries = len(runs[0].values[MAIN])
    stages = ("total", "rerank") if any("+" in run.mode for run in runs) else ("total",)
    head = ["run", *MEASURES, "queries/s", *(f"{stage} p50 / p95 ms" for stage in stages)]
    rows = [
        [
            run.name,
            *(f"{run.means[name]:.3f}" for name in MEASURES),
            f"{run.queries_per_second:.1f}",
            *(latency(run, stage) for stage in stages),
        ]
        for run in runs
    ]
    return f"**{dataset}** ({queries} queries)\n\n{_table(head, rows)}"


def latency(run: Run, stage: str) -> str:
    times = run.latency_ms.get(stage)
    return f"{times['p50']:.1f} / {times['p95']:.1f}" if times else ""


def _comparisons_table(comparisons: Sequence[Comparison]) -> str:
    rows = [
        [c.dataset, c.measure, c.run.name, c.against.name, interval(c.difference, c.low, c.high)]
        for c in comparisons
    ]
    head = ["collection", "measure", "run", "against", "difference [95 % interval]"]
    return _table(head, rows) if rows else ""


def _settings_table(runs: Sequence[Run], mode: str) -> str:
    """nDCG@10 of each setting on each collection, best mean first."""
    settings = table(runs, mode)
    if not settings:
        return ""
    datasets = list(next(iter(settings.values())))
    ordered = sorted(settings.items(), key=lambda item: -mean_of(item[1]))
    rows = [
        [setting, *(f"{value_of(row[d]):.3f}" for d in datasets), f"{mean_of(row):.4f}"]
        for setting, row in ordered
    ]
    return f"**{mode}**, {MAIN}\n\n{_table(['setting', *datasets, 'mean'], rows)}"


def _choice_table(mode: str, choices: Sequence[LeftOut]) -> str:
    rows = []
    for row in choices:
        gap = row.difference
        rows.append(
            [
                row.dataset,
                row.chosen.setting,
                f"{value_of(row.chosen):.3f}",
                f"{value_of(row.best):.3f} ({row.best.setting})",
                interval(gap.mean, gap.low, gap.high) if gap else "",
            ]
        )
    head = [
        "left out",
        "chosen by the others",
        MAIN,
        "best there",
        "chosen minus the product's own",
    ]
    return f"**{mode}**, one collection left out\n\n{_table(head, rows)}" if rows else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
