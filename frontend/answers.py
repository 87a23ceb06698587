"""The sentence of each excerpt that answers best, by meaning: found after the first paint."""

from dataclasses import dataclass

from frontend.excerpts import Piece
from frontend.finding import Found, PassageView
from retrieval.reading import best_sentences
from retrieval.strength import WEAK


@dataclass(frozen=True)
class Answer:
    """The excerpt of a passage as it was, cut where its best sentence begins and ends."""

    chunk: int
    before: list[Piece]
    sentence: list[Piece]
    after: list[Piece]


def answers(found: Found) -> list[Answer]:
    """One for each result that is no weak match and whose excerpt has a sentence to choose."""
    firsts = [r.passages[0] for r in found.results if r.passages and r.strength != WEAK]
    spans = best_sentences(found.query, [_text(passage) for passage in firsts])
    return [_answer(passage, *span) for passage, span in zip(firsts, spans, strict=True) if span]


def _text(passage: PassageView) -> str:
    return "".join(piece.text for piece in passage.pieces)


def _answer(passage: PassageView, start: int, end: int) -> Answer:
    parts: tuple[list[Piece], list[Piece], list[Piece]] = ([], [], [])
    at = 0
    for piece in passage.pieces:
        cuts = [0, *(cut - at for cut in (start, end) if at < cut < at + len(piece.text))]
        for begin, stop in zip(cuts, [*cuts[1:], len(piece.text)], strict=True):
            place = (at + begin >= start) + (at + begin >= end)
            parts[place].append(Piece(piece.text[begin:stop], piece.marked))
        at += len(piece.text)
    return Answer(passage.chunk, *parts)
