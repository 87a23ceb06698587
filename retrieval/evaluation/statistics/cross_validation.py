"""Leave-one-out choice of a setting: chosen on all collections but one, and tested on that one.

A setting that wins on the collections it was tuned on proves nothing. So each collection in turn
has no part in the choice and tests it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from retrieval.evaluation.runs import Run
from retrieval.evaluation.statistics import bootstrap

MEASURE = "nDCG@10"


@dataclass(frozen=True)
class LeftOut:
    """The choice of the other collections, and its nDCG@10 on the one left out.

    `difference` is the chosen setting minus `own`, the installation's, with its interval; None if
    the latter was not run.
    """

    dataset: str
    chosen: Run
    best: Run
    own: Run | None
    difference: bootstrap.Difference | None

    def as_json(self) -> dict[str, Any]:
        gap = self.difference
        return {
            "left_out": self.dataset,
            "chosen": self.chosen.setting,
            MEASURE: round(value_of(self.chosen), 6),
            "best": {"setting": self.best.setting, MEASURE: round(value_of(self.best), 6)},
            "difference_to_own": None if gap is None else round(gap.mean, 6),
            "interval": None if gap is None else [round(gap.low, 6), round(gap.high, 6)],
        }


def table(runs: Sequence[Run], mode: str) -> dict[str, dict[str, Run]]:
    """Setting → dataset → run, of one mode; only settings that every dataset has."""
    found: dict[str, dict[str, Run]] = {}
    for run in runs:
        if run.mode == mode:
            found.setdefault(run.setting, {})[run.dataset] = run
    datasets = {dataset for row in found.values() for dataset in row}
    return {setting: row for setting, row in found.items() if set(row) == datasets}


def mean_of(row: Mapping[str, Run], without: str = "") -> float:
    """The mean over datasets, each counting the same."""
    return fmean(value_of(run) for dataset, run in row.items() if dataset != without)


def leave_one_out(runs: Sequence[Run], mode: str, own: Mapping[str, object]) -> list[LeftOut]:
    """For each dataset the choice of the others; empty with fewer than two datasets or settings.

    `own` are the installation's settings.
    """
    settings = table(runs, mode)
    datasets = sorted({dataset for row in settings.values() for dataset in row})
    if len(datasets) < 2 or len(settings) < 2:
        return []
    return [_leave_out(dataset, settings, own) for dataset in datasets]


def value_of(run: Run) -> float:
    return run.means[MEASURE]


def _leave_out(
    dataset: str, settings: Mapping[str, Mapping[str, Run]], own: Mapping[str, object]
) -> LeftOut:
    chosen = max(settings.values(), key=lambda row: mean_of(row, dataset))[dataset]
    here = [row[dataset] for row in settings.values()]
    present = next((run for run in here if _is_own(run, own)), None)
    return LeftOut(
        dataset=dataset,
        chosen=chosen,
        best=max(here, key=value_of),
        own=present,
        difference=_difference(chosen, present) if present else None,
    )


def _is_own(run: Run, own: Mapping[str, object]) -> bool:
    return all(own.get(name) == value for name, value in run.varied.items())


def _difference(run: Run, against: Run) -> bootstrap.Difference:
    values = [list(each.values[MEASURE].values()) for each in (against, run)]
    return bootstrap.paired_differences(values)[0]
