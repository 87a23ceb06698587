"""Conversion of a ranking to plain values for the result cache, and back.

JSON can hold the values, so nothing that is read from the cache can run code."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from documents.messages import Message
from retrieval.lexical import AnyWord, Phrase, QueryTerm, WeightedTerm
from retrieval.query import QueryTerms, QueryWord
from retrieval.ranking import DocumentScore, MatchedDocuments, PassageScore, RankedScore, Ranking


def as_plain(ranking: Ranking) -> dict[str, Any]:
    """Dictionaries, lists, texts and numbers, by the names of the fields."""
    return {
        **vars(ranking),
        "terms": [_plain_word(word) for word in ranking.terms.words],
        "phrases": [phrase.variants for phrase in ranking.terms.phrases],
        "documents": [_plain_document(each) for each in ranking.documents],
        "matched": plain_matches(ranking.matched),
        "warnings": [notice.as_json() for notice in ranking.warnings],
    }


def from_plain(plain: Mapping[str, Any]) -> Ranking:
    """The ranking of plain values. Raises KeyError, TypeError or AttributeError for another form,
    such as one that an earlier version of the product wrote."""
    fields = dict(plain)
    phrases = tuple(Phrase(tuple(map(tuple, variants))) for variants in fields.pop("phrases"))
    return Ranking(
        **{
            **fields,
            "terms": QueryTerms(tuple(map(_word, plain["terms"])), phrases),
            "documents": tuple(map(_document, plain["documents"])),
            "matched": matches_from(plain["matched"]),
            "warnings": tuple(map(Message.from_json, plain["warnings"])),
        }
    )


def plain_matches(matched: MatchedDocuments) -> dict[str, Any]:
    """The keys as one text: JSON has no bytes, and a number would take twice the room."""
    return {"keys": b64encode(matched.packed).decode(), "truncated": matched.truncated}


def matches_from(plain: Mapping[str, Any]) -> MatchedDocuments:
    return MatchedDocuments(b64decode(plain["keys"]), plain["truncated"])


def _plain_word(word: QueryWord) -> dict[str, Any]:
    return {"text": word.text, "terms": [_plain_term(each) for each in word.terms]}


def _plain_term(weighted: WeightedTerm) -> dict[str, Any]:
    plain = {
        "weight": weighted.weight, "optional": weighted.optional, "covers": weighted.covers,
        "within": weighted.within, "synonym": weighted.synonym,
    }  # fmt: skip
    term = weighted.term
    if isinstance(term, Phrase):
        return {**plain, "phrase": term.variants}
    if isinstance(term, AnyWord):
        return {**plain, "label": term.label, "words": term.words}
    return {**plain, "term": term}


def _word(plain: Mapping[str, Any]) -> QueryWord:
    return QueryWord(plain["text"], tuple(map(_term, plain["terms"])))


def _term(plain: Mapping[str, Any]) -> WeightedTerm:
    column, value = plain["within"] or ("", "")
    return WeightedTerm(
        _query_term(plain),
        plain["weight"],
        plain["optional"],
        plain["covers"],
        within=(column, value) if column else None,
        synonym=plain["synonym"],
    )


def _query_term(plain: Mapping[str, Any]) -> QueryTerm:
    if "phrase" in plain:
        return Phrase(tuple(map(tuple, plain["phrase"])))
    if "label" in plain:
        return AnyWord(plain["label"], tuple(plain["words"]))
    return str(plain["term"])


def _plain_document(document: DocumentScore) -> dict[str, Any]:
    return {**vars(document), "passages": [_plain_passage(each) for each in document.passages]}


def _plain_passage(passage: PassageScore) -> dict[str, Any]:
    return {**vars(passage), "scores": {name: vars(s) for name, s in passage.scores.items()}}


def _document(plain: Mapping[str, Any]) -> DocumentScore:
    return DocumentScore(**{**plain, "passages": tuple(map(_passage, plain["passages"]))})


def _passage(plain: Mapping[str, Any]) -> PassageScore:
    scores = {name: RankedScore(**score) for name, score in plain["scores"].items()}
    return PassageScore(**{**plain, "scores": scores})
