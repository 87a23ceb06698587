"""The forms under which a run of words is found word by word, and where each of them stands.

Each part of a run has a position. A form may cover several: `wifi` of `Wi-Fi`, `getusername`.
"""

from dataclasses import dataclass

from retrieval.analysis.letters import fold, fold_letters, spelt_out
from retrieval.analysis.number_formats import plain_numbers
from retrieval.analysis.tokenizer import UNSPACED, atoms_of, words_of

_LONGEST = 64  # code points of a form that joins parts


@dataclass(frozen=True, slots=True)
class WordForm:
    """A folded form, from position `first` of the run; `start` and `end` are as in spans."""

    text: str
    start: int
    end: int
    first: int
    width: int = 1


def word_forms(run: str, language: str) -> tuple[list[WordForm], int]:
    """The forms of a run in order of their positions, and how many positions it takes."""
    forms: list[WordForm] = []
    position = 0
    for word in words_of(run):
        atoms = atoms_of(word)
        width = len(atoms)
        forms += [
            WordForm(fold_letters(atom.text), atom.start, atom.end, position + at)
            for at, atom in enumerate(atoms)
        ]
        if len(atoms) > 1 and len(word.text) <= _LONGEST and not UNSPACED.match(word.text):
            forms.append(WordForm(fold_letters(word.text), word.start, word.end, position, width))
        if (spelt := spelt_out(fold(word.text), language)) is not None:
            forms.append(WordForm(spelt, word.start, word.end, position, width))
        position += width
    forms += [WordForm(text, 0, len(run), 0, position) for text in _joined(run, forms)]
    return forms, position


def _joined(run: str, forms: list[WordForm]) -> list[str]:
    """The whole run without its joints, and as a number."""
    if numbers := plain_numbers(run):
        return numbers
    words = [word for word in words_of(run) if not UNSPACED.match(word.text)]
    if len(words) < 2 or len(run) > _LONGEST or "," in run:
        return []
    return [fold_letters("".join(word.text for word in words))]
