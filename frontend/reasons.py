"""Why a result is where it is, step by step, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Reason:
    """One step of the ranking: where the result stood in it, by which value, and why."""

    label: str
    rank: int | None
    value: str
    words: list[str]
    moved: str = ""


def reasons(explanation: dict[str, Any] | None) -> Iterator[Reason]:
    """The steps in their order; those that did not judge the result are left out."""
    steps = {
        "lexical": (_("Words"), "score", _("score")),
        "dense": (_("Meaning"), "cosine", _("similarity")),
        "fused": (_("Together"), "score", _("score")),
        "rerank": (_("Reread"), "score", _("score")),
    }
    told = explanation or {}
    for key, (label, field, unit) in steps.items():
        step = told.get(key)
        if not step or step.get(field) is None:
            continue
        words = [str(term.get("term", "")) for term in step.get("terms", [])]
        moved = _moved(told, key)
        value = number_format(Decimal(format(step[field], ".3g")))
        yield Reason(label, step.get("rank"), f"{unit} {value}", words, moved)


def _moved(told: dict[str, Any], key: str) -> str:
    """In words, what a step did to the result's place."""
    if key == "rerank":
        return _from_to(told["fused"].get("rank"), told["rerank"].get("rank"))
    if key != "fused":
        return ""
    if told.get("identifiers"):
        return _("first because it holds the exact code you typed")
    ranks = [told[leg].get("rank") for leg in ("lexical", "dense") if told.get(leg)]
    return _from_to(min((r for r in ranks if r), default=None), told["fused"].get("rank"))


def _from_to(before: int | None, after: int | None) -> str:
    if not before or not after:
        return ""
    if before == after:
        return _("kept its place")
    if after < before:
        return ngettext("moved up %(n)d place", "moved up %(n)d places", before - after) % {
            "n": before - after
        }
    return ngettext("moved down %(n)d place", "moved down %(n)d places", after - before) % {
        "n": after - before
    }
