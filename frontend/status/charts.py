"""The numbers of the status page: plots of ingestion, queue length, health checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import redis
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.ingestion import FinishedCounts, finished_by_day, finished_by_hour, queue_length
from documents.messages import Message
from frontend.templatetags.labels import day_of_year
from search_project.health import Check, run_checks
from search_project.warmup import reported_states

WIDTH, HEIGHT, GAP = 720, 120, 2


@dataclass(frozen=True)
class Bar:
    """A bar of a plot; lengths in its own units."""

    x: int
    y: int
    width: int
    height: int
    label: str
    value: int


@dataclass(frozen=True)
class Plot:
    """Bars over time in a box of WIDTH by HEIGHT units; the tallest means `most`."""

    key: str
    title: str
    bars: list[Bar]
    most: int
    total: int

    @property
    def first(self) -> str:
        return self.bars[0].label

    @property
    def last(self) -> str:
        return self.bars[-1].label


def plots(by: str) -> list[Plot]:
    """Plots of indexed and of failed documents, by "hour" or by "day"."""
    rows = finished_by_hour() if by == "hour" else finished_by_day()
    labels = [_label(row) for row in rows]
    return [
        plot("indexed", _("Indexed"), labels, [row.indexed for row in rows]),
        plot("failed", _("Failed"), labels, [row.failed for row in rows]),
    ]


def plot(key: str, title: str, labels: Sequence[str], values: Sequence[int]) -> Plot:
    """A bar for each value; all but 0 have at least a visible height."""
    most, step = max(1, *values), WIDTH // len(values)
    bars = []
    for at, (label, value) in enumerate(zip(labels, values, strict=True)):
        height = max(3, round(HEIGHT * value / most)) if value else 0
        bars.append(Bar(at * step, HEIGHT - height, step - GAP, height, label, value))
    return Plot(key, title, bars, max(values), sum(values))


def _label(row: FinishedCounts) -> str:
    if isinstance(row.at, datetime):
        return date_format(timezone.localtime(row.at), "H:i")
    return day_of_year(row.at)


def waiting() -> int | None:
    """How many messages wait in the broker, or None while it cannot be reached."""
    try:
        return queue_length()
    except (redis.RedisError, OSError):
        return None


def checks() -> list[tuple[str, Check]]:
    """The health checks of the installation, with the models of each process."""
    names = {
        "database": _("Database"),
        "broker": _("Work queue"),
        "cache": _("Cache"),
        "worker": _("Worker"),
        "index": _("Word index"),
    }
    found = run_checks()
    parts = [(name, found[key]) for key, name in names.items()]
    if not found["broker"].ok:
        return [*parts, (_("Models"), found["models"])]
    roles = {"web": _("Models of the web server"), "worker": _("Models of the worker")}
    silent = (False, Message("models_not_told"))
    states = reported_states()
    models = {name: states.get(f"models:{role}", silent) for role, name in roles.items()}
    return [*parts, *((name, Check(*check)) for name, check in models.items())]
