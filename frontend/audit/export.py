"""Events as lines of a file, one at a time, so that a log of any length can be written."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator

from documents.models import AuditEvent

COLUMNS = (
    "id", "at", "action", "actor_id", "actor_name", "address", "request_id",
    "target_type", "target_id", "target_name", "details",
)  # fmt: skip
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """With a line of names first. A text that begins like a formula gets an apostrophe before."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for event in events:
        row = _row(event)
        row["details"] = json.dumps(event.details, ensure_ascii=False) if event.details else ""
        yield writer.writerow([_harmless(row[name]) for name in COLUMNS])


def json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """One JSON object on each line."""
    for event in events:
        yield json.dumps(_row(event), ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Iterable[AuditEvent]], Iterator[str]]]] = {
    "csv": ("text/csv", csv_lines),
    "jsonl": ("application/jsonl", json_lines),
}


def _row(event: AuditEvent) -> dict[str, object]:
    return {name: getattr(event, name) for name in COLUMNS} | {"at": event.at.isoformat()}


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class _Echo:
    """Gives back what csv writes, so that each row can be had at once."""

    def write(self, line: str) -> str:
        return line
