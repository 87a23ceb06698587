"""Tables and progress bars for the terminal."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from retrieval.evaluation.report import Report, interval, latency
from retrieval.evaluation.runs import Comparison, Run, headlines
from retrieval.evaluation.statistics.cross_validation import LeftOut, value_of
from retrieval.evaluation.statistics.metrics import MEASURES

WIDTH_OF_FILES = 140


def console_for(stream: TextIO) -> Console:
    """A console as wide as the terminal; without one, wide enough for a table."""
    width = None if stream.isatty() else WIDTH_OF_FILES
    return Console(file=stream, width=width, highlight=False)


def progress_bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=console,
    )


def share_bar(console: Console) -> Progress:
    """A progress bar for work that reports the share that is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=console,
    )


def print_report(console: Console, report: Report) -> None:
    if report.runs:
        console.print(_runs(report.runs))
    differences = headlines(report.comparisons())
    if differences:
        console.print(_differences(differences))
    for mode, rows in (report.choices or {}).items():
        if rows:
            console.print(_choices(mode, rows))
    for note in report.notes:
        console.print(note)


def _runs(runs: Sequence[Run]) -> Table:
    table = Table(title="Runs", title_justify="left")
    table.add_column("collection")
    table.add_column("run")
    for name in (*MEASURES, "queries/s", "p50 / p95 ms", "rerank p50 / p95 ms"):
        table.add_column(name, justify="right")
    for run in runs:
        table.add_row(
            run.dataset,
            run.name,
            *(f"{run.means[name]:.3f}" for name in MEASURES),
            f"{run.queries_per_second:.1f}",
            latency(run, "total"),
            latency(run, "rerank") if run.mode.endswith("+rerank") else "",
        )
    return table


def _differences(comparisons: Sequence[Comparison]) -> Table:
    table = Table(title="Differences, with 95 % intervals", title_justify="left")
    for name in ("collection", "measure", "run", "against", "difference"):
        table.add_column(name)
    for c in comparisons:
        text = interval(c.difference, c.low, c.high)
        row = (c.dataset, c.measure, c.run.name, c.against.name, text.replace("[", r"\["))
        table.add_row(*row, style=None if c.certain else "dim")
    return table


def _choices(mode: str, choices: Sequence[LeftOut]) -> Table:
    table = Table(title=f"{mode}: chosen without the collection it is judged on")
    for name in ("left out", "chosen", "nDCG@10", "best there", "chosen minus present"):
        table.add_column(name)
    for row in choices:
        gap = row.difference
        table.add_row(
            row.dataset,
            row.chosen.setting,
            f"{value_of(row.chosen):.3f}",
            f"{value_of(row.best):.3f} ({row.best.setting})",
            interval(gap.mean, gap.low, gap.high).replace("[", r"\[") if gap else "",
        )
    return table
