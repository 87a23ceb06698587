"""Mining of negatives for the rows of a file into another file; a stopped run can continue."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retrieval.training.data.hard_negatives import (
    Candidate,
    NegativeRules,
    choose_negatives,
    known_positives,
)
from retrieval.training.data.rows import TrainingRow, as_line

CandidateRanking = Callable[[str], Sequence[Candidate]]


def mine_rows(
    rows: Sequence[TrainingRow],
    ranking: CandidateRanking,
    rules: NegativeRules,
    *,
    out: Path,
    made_from: str,
    tick: Callable[[], None],
) -> tuple[int, int]:
    """How many rows were written to `out`, and how many `choose_negatives` left out.

    `made_from` identifies the searched index: a run over another index is not continued, but
    started again. `tick` is called for each row, also for those of an earlier run. Raises OSError.
    """
    draft = out.with_name(f"{out.name}.part")
    heading = as_line({"rules": asdict(rules), "made_from": made_from, "rows": _hash(rows)})
    done = _done(draft, heading)
    for _ in range(done):
        tick()
    out.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("a" if done else "w", encoding="utf-8") as file:
        if not done:
            file.write(heading)
        for row in _mined(rows[done:], ranking, rules, known_positives(rows)):
            file.write(as_line(row.as_json() if row else {}))
            file.flush()
            tick()
    return _finish(draft, out)


def _mined(
    rows: Sequence[TrainingRow],
    ranking: CandidateRanking,
    rules: NegativeRules,
    known: Mapping[str, frozenset[str]],
) -> Iterator[TrainingRow | None]:
    """The rows with negatives; consecutive rows of one query share a ranking."""
    query = ""
    found: Sequence[Candidate] = ()
    for row in rows:
        if row.query != query:
            query, found = row.query, ranking(row.query)
        yield choose_negatives(row, found, known[row.query], rules)


def _done(draft: Path, heading: str) -> int:
    """How many rows an interrupted run over the same index has done; half a line is removed."""
    if not draft.is_file():
        return 0
    # Not splitlines, which also cuts at separators that stand inside texts.
    with draft.open(encoding="utf-8", newline="\n") as file:
        lines = list(file)
    if not lines or lines[0] != heading:
        return 0
    whole = [line for line in lines[1:] if line.endswith("\n")]
    draft.write_text("".join([heading, *whole]), encoding="utf-8")
    return len(whole)


def _finish(draft: Path, out: Path) -> tuple[int, int]:
    kept = left_out = 0
    made = out.with_name(f"{out.name}.whole")
    with draft.open(encoding="utf-8") as lines, made.open("w", encoding="utf-8") as file:
        next(lines)
        for line in lines:
            if json.loads(line):
                file.write(line)
                kept += 1
            else:
                left_out += 1
    made.replace(out)
    draft.unlink()
    return kept, left_out


def _hash(rows: Sequence[TrainingRow]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        value: dict[str, Any] = row.as_json()
        digest.update(json.dumps(value, sort_keys=True).encode())
    return digest.hexdigest()
