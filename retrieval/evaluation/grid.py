"""The grid of settings to run: the installation's, and those on the command line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from retrieval.modes import HYBRID

Value = str | int | float
GridPoint = Mapping[str, Value]

RERANKED = f"{HYBRID}+rerank"

# The settings that can be varied, and how their values are parsed.
PARSERS: dict[str, Callable[[str], Value]] = {
    "candidates": int,
    "fusion": str,
    "dense_weight": float,
    "rerank_depth": int,
    "rerank_weight": float,
    "rerank_shown": str,
}
SHOWN = ("full", "title", "passage")
FRACTIONS = ("dense_weight", "rerank_weight")

_ALONE = ("candidates",)
_FUSED = (*_ALONE, "fusion", "dense_weight")
_RERANKED = (*_FUSED, "rerank_depth", "rerank_weight", "rerank_shown")


def matters(mode: str) -> tuple[str, ...]:
    """Whether a setting matters to a mode; others are neither varied nor reported."""
    return {HYBRID: _FUSED, RERANKED: _RERANKED}.get(mode, _ALONE)


def parse_grid(assignments: Iterable[str], fusions: Iterable[str]) -> dict[str, list[Value]]:
    """`name=value,value` as name → values. Raises ValueError with a message for users."""
    varied: dict[str, list[Value]] = {}
    for assignment in assignments:
        name, equals, values = assignment.partition("=")
        if name not in PARSERS or not equals:
            known = ", ".join(PARSERS)
            raise ValueError(f"“{assignment}” is not name=value,value with one of {known}.")
        varied[name] = [_value(name, value.strip()) for value in values.split(",")]
    unknown = set(map(str, varied.get("fusion", ()))) - set(fusions)
    if unknown:
        raise ValueError(f"There is no fusion {sorted(unknown)[0]}: {', '.join(fusions)}.")
    return varied


def combinations(
    mode: str, own: GridPoint, varied: Mapping[str, Sequence[Value]]
) -> list[dict[str, Value]]:
    """Every combination of the varied values that matter to `mode`, with the rest from `own`."""
    names = [name for name in matters(mode) if name in varied]
    fixed = {name: own[name] for name in matters(mode)}
    return [
        fixed | dict(zip(names, values, strict=True))
        for values in product(*(varied[name] for name in names))
    ]


def _value(name: str, text: str) -> Value:
    try:
        value = PARSERS[name](text)
    except ValueError:
        raise ValueError(f"{name}: “{text}” is not a number.") from None
    if isinstance(value, int) and value < 1:
        raise ValueError(f"{name}: {text} is less than 1.")
    if name == "rerank_shown" and value not in SHOWN:
        raise ValueError(f"{name}: “{text}” is none of {', '.join(SHOWN)}.")
    if name in FRACTIONS and not 0 <= float(value) <= 1:
        raise ValueError(f"{name}: {text} is not between 0 and 1.")
    return value
