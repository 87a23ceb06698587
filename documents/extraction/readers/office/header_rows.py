"""Whether the first row of a table names its columns."""

import re
from collections.abc import Sequence

NUMBER = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,:/ %'-]*[)%]?\s?\w{0,3}")
LONGEST_NAME = 80


def is_header_row(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds short different names, and the second is another one.

    A row of numbers names nothing, save years beside names.
    """
    if len(rows) < 2:
        return False
    names = [cell.strip() for cell in rows[0]]
    filled = [name for name in names if name]
    width = max(len([cell for cell in row if cell.strip()]) for row in rows[1:3])
    if len(filled) < 2 or len(filled) < min(width, len(names)) - 1:
        return False
    if not all(re.search(r"\w", name) for name in filled):
        return False
    numbers = sum(bool(NUMBER.fullmatch(name)) for name in filled)
    years = sum(bool(re.fullmatch(r"(19|20)\d\d", name)) for name in filled)
    short = all(len(name) <= LONGEST_NAME for name in filled)
    return short and len(set(filled)) == len(filled) and numbers - years <= 0 < len(filled) - years
