"""What the labels that pages show tell of the results that have them."""

from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.evaluation.statistics.relevance_cutoffs import JudgedAnswer, JudgedResult
from retrieval.search import best_grade, relevance_grade, telling_grades


@dataclass(frozen=True)
class LabelRate:
    """The share of all results that have a label, and that of these that are relevant."""

    share: float
    relevant: float


def label_rates(answers: Iterable[JudgedAnswer]) -> dict[str, LabelRate]:
    """By label, "" for none: of the results of a collection's own queries."""
    found: dict[str, list[bool]] = {}
    for answer in answers:
        grades = [_grade(result) for result in answer.results if answer.own]
        telling = telling_grades(grades)
        for grade, result in zip(grades, answer.results, strict=False):
            found.setdefault(grade if grade in telling else "", []).append(result.relevant)
    total = sum(map(len, found.values()))
    return {
        label: LabelRate(len(each) / total, sum(each) / len(each)) for label, each in found.items()
    }


def _grade(result: JudgedResult) -> str:
    return best_grade(relevance_grade(cosine, share) for cosine, share in result.passages)
