"""The grid of settings to run: the installation's, and those on the command line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from retrieval.modes import HYBRID

Value = str | int | float
GridPoint = Mapping[str, Value]

RERANKED = f"{HYBRID}+rerank"
LEXICAL = "lexical"
# Those of a collection, which the index is made by.
WEIGHTS = ("title_weight", "headings_weight", "text_weight")
HEAVIEST = 5

# The settings that can be varied, and how their values are parsed.
PARSERS: dict[str, Callable[[str], Value]] = {
    "candidates": int,
    "fusion": str,
    "dense_weight": float,
    "rerank_depth": int,
    "rerank_weight": float,
    "rerank_shown": str,
    **dict.fromkeys(WEIGHTS, int),
    "recency_half_life": int,  # 0: age does not count
    "recency_floor": float,
    "curation": str,
}
CHOICES = {"rerank_shown": ("full", "title", "passage"), "curation": ("off", "on")}
FRACTIONS = ("dense_weight", "rerank_weight", "recency_floor")
FROM_ZERO = (*WEIGHTS, "recency_half_life")

_ALONE = ("candidates", "curation", "recency_half_life", "recency_floor")
_LEXICAL = (*_ALONE, *WEIGHTS)
_FUSED = (*_LEXICAL, "fusion", "dense_weight")
_RERANKED = (*_FUSED, "rerank_depth", "rerank_weight", "rerank_shown")


def matters(mode: str) -> tuple[str, ...]:
    """Whether a setting matters to a mode; others are neither varied nor reported."""
    return {HYBRID: _FUSED, RERANKED: _RERANKED, LEXICAL: _LEXICAL}.get(mode, _ALONE)


def parse_grid(assignments: Iterable[str], fusions: Iterable[str]) -> dict[str, list[Value]]:
    """`name=value,value` as name → values. Raises ValueError with a message for users."""
    varied: dict[str, list[Value]] = {}
    for assignment in assignments:
        name, equals, values = assignment.partition("=")
        if name not in PARSERS or not equals:
            known = ", ".join(PARSERS)
            raise ValueError(f"“{assignment}” is not name=value,value with one of {known}.")
        varied[name] = [_value(name, value.strip()) for value in values.split(",")]
    if all(0 in varied.get(name, ()) for name in WEIGHTS):
        raise ValueError("One of the weights of fields must be more than 0.")
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
    least = 0 if name in FROM_ZERO else 1
    if isinstance(value, int) and value < least:
        raise ValueError(f"{name}: {text} is less than {least}.")
    if name in WEIGHTS and int(value) > HEAVIEST:
        raise ValueError(f"{name}: {text} is more than {HEAVIEST}.")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"{name}: “{text}” is none of {', '.join(CHOICES[name])}.")
    if name in FRACTIONS and not 0 <= float(value) <= 1:
        raise ValueError(f"{name}: {text} is not between 0 and 1.")
    return value
