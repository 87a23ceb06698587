"""The forms under which a run of words is found word by word, and where each of them stands.

Each part of a run has a position. Forms that cover several parts (`wifi` of `Wi-Fi`, `16gb`,
`getusername`) stand at the position of the first and of the last, so that they are next to the
words on either side.
"""

from dataclasses import dataclass

from retrieval.analysis.letters import fold, fold_letters, spelt_out
from retrieval.analysis.number_formats import plain_numbers
from retrieval.analysis.tokenizer import UNSPACED, atoms_of, words_of

_LONGEST = 64  # code points of a form that joins parts


@dataclass(frozen=True, slots=True)
class WordForm:
    """A folded form at `first` to `last` of the run's positions; `start` and `end` as in spans."""

    text: str
    start: int
    end: int
    first: int
    last: int


def word_forms(run: str, language: str) -> tuple[list[WordForm], int]:
    """The forms of a run in order of their positions, and how many positions it takes."""
    forms: list[WordForm] = []
    position = 0
    for word in words_of(run):
        atoms = atoms_of(word)
        last = position + len(atoms) - 1
        forms += [
            WordForm(fold_letters(atom.text), atom.start, atom.end, position + at, position + at)
            for at, atom in enumerate(atoms)
        ]
        if len(atoms) > 1 and len(word.text) <= _LONGEST and not UNSPACED.match(word.text):
            forms.append(WordForm(fold_letters(word.text), word.start, word.end, position, last))
        if (spelt := spelt_out(fold(word.text), language)) is not None:
            forms.append(WordForm(spelt, word.start, word.end, position, last))
        position = last + 1
    forms += [WordForm(text, 0, len(run), 0, position - 1) for text in _joined(run, forms)]
    return forms, position


def _joined(run: str, forms: list[WordForm]) -> list[str]:
    """The whole run without its joints, and as a number."""
    if numbers := plain_numbers(run):
        return numbers
    words = [word for word in words_of(run) if not UNSPACED.match(word.text)]
    if len(words) < 2 or len(run) > _LONGEST or "," in run:
        return []
    return [fold_letters("".join(word.text for word in words))]
