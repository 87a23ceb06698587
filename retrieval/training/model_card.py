"""The part of a model card that the library cannot write: training data and evaluation."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from retrieval.evaluation.report import interval
from retrieval.training.significance import MEASURE, RerankerComparison

HEADING = "## Where it comes from"


def write_model_card(
    folder: Path, about: Mapping[str, Any], outcomes: Sequence[RerankerComparison]
) -> None:
    """Append this part to the card in `folder`, or replace an earlier one."""
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
    parts = "\n\n".join([text, *_parts(about, outcomes)])
    card.write_text(parts + "\n", encoding="utf-8")


def _parts(about: Mapping[str, Any], outcomes: Sequence[RerankerComparison]) -> list[str]:
    plan = about["plan"]
    judged = ", ".join(f"{name} {value:.3f}" for name, value in about["judged"].items())
    parts = [
        HEADING,
        f"Trained by Lantern: `manage.py {about['command']}`.",
        f"Base: {plan['base']}. Its licence and those of the data are to be named where the model "
        "is passed on.",
        f"Data: {', '.join(about['files'])}; {about['learnt']} lists learnt from, "
        f"{about['held_out']} held out" + (f" ({judged})." if judged else "."),
    ]
    rows = [
        f"| {one.name} | {one.queries} | {one.old:.3f} ({one.live}) | {one.new:.3f} | "
        f"{interval(one.difference.mean, one.difference.low, one.difference.high)} |"
        for one in outcomes
    ]
    if rows:
        head = f"| queries of | number | {MEASURE} before | {MEASURE} with it | difference |"
        parts.append("\n".join([head, "| --- " * 5 + "|", *rows]))
    return parts
