"""A training row, and what a search finds for its query."""

from retrieval.training.data.hard_negatives import (
    Candidate,
)
from retrieval.training.data.rows import (
    TrainingRow,
)


def found(passage: str, score: float, section: str = "", words: str = "") -> Candidate:
    words = words or f"words of {passage}"
    return Candidate(passage, section, f"Title\n{words}", words, score)


ROW = TrainingRow("what is it?", "the answer", passage="p", section="one")


RANKING = [
    found("above", 0.9),
    found("p", 0.8, "one"),
    found("near", 0.79),
    found("neighbour", 0.6, "one"),
    found("copy", 0.55, words="Words  of P"),
    found("far", 0.5, "two"),
    found("further", 0.4),
]
