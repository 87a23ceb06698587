"""The table of permissions: read from `table.txt`, and written as Markdown.

A block of the file is one or more lines `METHODS ADDRESS [(operation)]`, then a line for each kind
of object with a cell for each caller. The address is the route as Django has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
TABLE = FOLDER / "table.txt"
PAGE = FOLDER.parent.parent / "docs/permissions.md"

PAGE_CALLERS = (
    "anonymous", "stranger", "reader", "contributor", "editor", "owner", "staff", "admin",
)  # fmt: skip
# Tokens of the owner, by scope; the last has the scope admin, and is for the internal collection.
API_CALLERS = ("search token", "read token", "write token", "admin token", "limited token")
API = "/api/"

# What an answer is, and how the page shows it.
OUTCOMES = {
    "ok": "●",
    "idle": "○",
    "login": "L",
    "confirm": "P",
    **{code: code for code in ("400", "401", "403", "404", "409")},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEADER = re.compile(rf"((?:(?:{'|'.join(METHODS)}) )+)(/\S*)(?: \((.+)\))?")


# Headings, and what the addresses below them begin with; the first that fits counts.
SECTIONS = {
    "REST API: documents": f"{API}v1/documents",
    "REST API": API,
    "Administration": "/admin/",
    "Account": "/account/",
    "Pages": "/",
}
INTRODUCTION = """\
# Permissions

What each caller gets for each address, method and operation. A test sends all of these requests
and fails when an answer is another, when an address or a method is missing here, when an answer
holds a word of what its reader may not see, and when what is hidden is told from what is not
there. The page is written from `tests/permissions/table.txt` by `python -m tests.permissions`.

| | |
|---|---|
| ● | Shown or done. |
| ○ | Answered, and nothing was changed. |
| L | Led to the sign-in. |
| P | Asked for the password again. |
| 404 | It is not there, or the caller may not see it. |
| 400, 401, 403, 409 | Refused, and nothing was changed. |

A stranger is signed in and a member of nothing; reader, contributor, editor and owner have that
role in all collections. Staff have no permission of Django's, the admin is a superuser. The tokens
are the owner's; the limited one has the scope admin, for the internal collection alone. Objects are
documents in a collection of that visibility, by somebody else or one's own, or in the trash of the
restricted collection; and collections, by their visibility. A token opens no page but the API's.
"""


@dataclass(frozen=True, order=True)
class Operation:
    """What is asked for: a method at an address, and which of the things that can be done so."""

    method: str
    address: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.address}" + (f" ({self.name})" if self.name else "")

    @property
    def callers(self) -> tuple[str, ...]:
        """Pages know no tokens."""
        return (*PAGE_CALLERS, *API_CALLERS) if self.takes_tokens else PAGE_CALLERS

    @property
    def section(self) -> str:
        return next(title for title, start in SECTIONS.items() if self.address.startswith(start))

    @property
    def takes_tokens(self) -> bool:
        return self.address.startswith(API)


@dataclass(frozen=True)
class Row:
    operation: Operation
    which: str
    outcomes: tuple[str, ...]

    def __str__(self) -> str:
        cells = " ".join(f"{outcome:7}" for outcome in self.outcomes)
        return f"    {self.which:16} {cells}".rstrip()


def read_table(text: str) -> list[Row]:
    """Raises ValueError for a line that is neither, and for a row with too few or many cells."""
    rows: list[Row] = []
    operations: list[Operation] = []
    within = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            rows += _rows(operations, line, number)
            within = True
            continue
        operations = [] if within else operations
        within = False
        operations += _operations(line, number)
    return rows


def _operations(line: str, number: int) -> Iterator[Operation]:
    match = HEADER.fullmatch(line.rstrip())
    if match is None:
        raise ValueError(f"table.txt, line {number}: “{line}” is no METHOD ADDRESS (operation).")
    for method in match[1].split():
        yield Operation(method, match[2], match[3] or "")


def _rows(operations: list[Operation], line: str, number: int) -> Iterator[Row]:
    kinds, _, rest = line.strip().partition("  ")
    outcomes = tuple(rest.split())
    for operation in operations:
        if len(outcomes) != len(operation.callers) or not set(outcomes) <= set(OUTCOMES):
            raise ValueError(
                f"table.txt, line {number}: give {len(operation.callers)} cells, each one of "
                f"{', '.join(OUTCOMES)}."
            )
        yield from (Row(operation, which, outcomes) for which in kinds.split(", "))


def markdown(rows: list[Row]) -> str:
    """The page docs/permissions.md."""
    return "".join([INTRODUCTION, *(_section(title, rows) for title in SECTIONS)])


def _section(title: str, rows: list[Row]) -> str:
    inside = [row for row in rows if row.operation.section == title]
    names = inside[0].operation.callers
    lines = [f"\n## {title}\n", f"| Operation | Object | {' | '.join(names)} |"]
    lines.append("|---" * (len(names) + 2) + "|")
    before = None
    for operation, which, outcomes in _merged(inside):
        shown = "" if operation == before else f"{_code(operation)}"
        cells = " | ".join(OUTCOMES[outcome] for outcome in outcomes)
        lines.append(f"| {shown} | {which} | {cells} |")
        before = operation
    return "\n".join(lines) + "\n"


def _merged(rows: list[Row]) -> list[tuple[Operation, str, tuple[str, ...]]]:
    """Kinds of object with the same cells on one line, by operation."""
    kinds: dict[Operation, dict[tuple[str, ...], list[str]]] = {}
    for row in rows:
        kinds.setdefault(row.operation, {}).setdefault(row.outcomes, []).append(row.which)
    return [
        (operation, ", ".join(which), outcomes)
        for operation, lines in kinds.items()
        for outcomes, which in lines.items()
    ]


def _code(operation: Operation) -> str:
    address = f"`{operation.method} {operation.address}`"
    return f"{address} {operation.name}".rstrip()
