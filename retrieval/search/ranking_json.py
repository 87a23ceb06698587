"""Conversion of a ranking to plain values for the result cache, and back.

JSON can hold the values, so nothing that is read from the cache can run code."""

from collections.abc import Mapping
from typing import Any

from documents.messages import Message
from retrieval.ranking import DocumentScore, PassageScore, RankedScore, Ranking


def as_plain(ranking: Ranking) -> dict[str, Any]:
    """Dictionaries, lists, texts and numbers, by the names of the fields."""
    return {
        **vars(ranking),
        "documents": [_plain_document(each) for each in ranking.documents],
        "warnings": [notice.as_json() for notice in ranking.warnings],
    }


def from_plain(plain: Mapping[str, Any]) -> Ranking:
    """The ranking of plain values. Raises KeyError, TypeError or AttributeError for another form,
    such as one that an earlier version of the product wrote."""
    return Ranking(
        **{
            **plain,
            "terms": tuple(plain["terms"]),
            "documents": tuple(map(_document, plain["documents"])),
            "warnings": tuple(map(Message.from_json, plain["warnings"])),
        }
    )


def _plain_document(document: DocumentScore) -> dict[str, Any]:
    return {**vars(document), "passages": [_plain_passage(each) for each in document.passages]}


def _plain_passage(passage: PassageScore) -> dict[str, Any]:
    return {**vars(passage), "scores": {name: vars(s) for name, s in passage.scores.items()}}


def _document(plain: Mapping[str, Any]) -> DocumentScore:
    return DocumentScore(**{**plain, "passages": tuple(map(_passage, plain["passages"]))})


def _passage(plain: Mapping[str, Any]) -> PassageScore:
    scores = {name: RankedScore(**score) for name, score in plain["scores"].items()}
    return PassageScore(**{**plain, "scores": scores})
