"""Tables of reStructuredText, drawn with lines (grid) or with columns of `=` (simple)."""

import re
from collections.abc import Sequence

GRID = re.compile(r"\+[-=+]+\+\s*$")
SIMPLE = re.compile(r"=+( +=+)+\s*$")

Rows = list[list[str]]


def row_cells(lines: Sequence[str], at: int) -> tuple[Rows, int, int] | None:
    """The rows of the table that begins at a line, the number of headers, the line after it."""
    if GRID.match(lines[at].strip()):
        return _grid(lines, at)
    if SIMPLE.match(lines[at].strip()):
        return _simple(lines, at)
    return None


def _grid(lines: Sequence[str], at: int) -> tuple[Rows, int, int]:
    rows: Rows = []
    headers, row = 0, list[str]()
    end = at
    while end < len(lines) and lines[end].strip()[:1] in ("+", "|"):
        line = lines[end].strip()
        if line.startswith("+"):
            rows += [row] if any(row) else []
            headers = len(rows) if "=" in line and not headers else headers
            row = []
        else:
            cells = [cell.strip() for cell in re.split(r"[|+](?= |$)", line[1:].rstrip("|+ "))]
            row += [""] * (len(cells) - len(row))
            row = [f"{one} {more}".strip() for one, more in zip(row, cells + [""] * len(row))]  # noqa: B905
        end += 1
    rows += [row] if any(row) else []
    return rows, headers, end


def _simple(lines: Sequence[str], at: int) -> tuple[Rows, int, int] | None:
    """The borders say where columns begin; text in the first begins a row."""
    starts = [match.start() for match in re.finditer(r"=+", lines[at])]
    stops = [*starts[1:], None]
    borders = [at]
    rows: Rows = []
    headers = 0
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if SIMPLE.match(line.strip()):
            borders.append(number)
            headers = len(rows) if len(borders) == 2 else headers
            following = lines[number + 1].strip() if number + 1 < len(lines) else ""
            if len(borders) == 3 or (len(borders) == 2 and not following):
                return rows, headers if len(borders) == 3 else 0, number + 1
        elif line.strip() and not re.fullmatch(r"[- ]+", line):
            cells = [line[start:stop].strip() for start, stop in zip(starts, stops, strict=True)]
            if cells[0] or not rows:
                rows.append(cells)
            else:
                rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
    return None
