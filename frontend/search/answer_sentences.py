"""The sentence of each snippet that answers the query best, loaded after the results."""

from dataclasses import dataclass

from frontend.search.results import PassageView, ResultsView
from frontend.snippets import SnippetPiece
from retrieval.search import WEAK, best_sentences


@dataclass(frozen=True)
class AnswerSentence:
    """A snippet, split at the start and the end of its best sentence."""

    passage: int
    before: list[SnippetPiece]
    sentence: list[SnippetPiece]
    after: list[SnippetPiece]


def answer_sentences(found: ResultsView) -> list[AnswerSentence]:
    """One for each result that is no weak match and whose snippet has several sentences."""
    firsts = [r.passages[0] for r in found.results if r.passages and r.relevance != WEAK]
    spans = best_sentences(found.query, [_text(passage) for passage in firsts])
    return [_answer(passage, *span) for passage, span in zip(firsts, spans, strict=True) if span]


def _text(passage: PassageView) -> str:
    return "".join(piece.text for piece in passage.pieces)


def _answer(passage: PassageView, start: int, end: int) -> AnswerSentence:
    parts: tuple[list[SnippetPiece], list[SnippetPiece], list[SnippetPiece]] = ([], [], [])
    at = 0
    for piece in passage.pieces:
        cuts = [0, *(cut - at for cut in (start, end) if at < cut < at + len(piece.text))]
        for begin, stop in zip(cuts, [*cuts[1:], len(piece.text)], strict=True):
            place = (at + begin >= start) + (at + begin >= end)
            parts[place].append(SnippetPiece(piece.text[begin:stop], piece.marked))
        at += len(piece.text)
    return AnswerSentence(passage.passage, *parts)
