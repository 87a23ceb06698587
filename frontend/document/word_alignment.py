"""Alignment of a passage of extracted text with the words of a page image.

Both texts have nearly the same words, but the extracted one has no line breaks, and headers and
columns in another place. So the longest common run of words locates the passage, and the words
around it are aligned from there.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from documents.page_renderer import Box, PageWord

# With a smaller share of its words on the page, the passage counts as not found.
LEAST_FOUND = 0.5
FEWEST_WORDS = 2
SLACK = 12
GAP = 3
# Alignment of longer passages would take seconds: words after these get no box.
LONGEST_PASSAGE = 500
LONGEST_PAGE = 5000


def passage_boxes(words: Sequence[PageWord], passage: str) -> list[Box]:
    """A box for each line of `passage` on the page; empty if it cannot be found."""
    places = [at for at, word in enumerate(words) if normalized_word(word.text)][:LONGEST_PAGE]
    page = [normalized_word(words[at].text) for at in places]
    wanted = [word for word in map(normalized_word, passage.split()) if word][:LONGEST_PASSAGE]
    found = [words[places[at]] for at in _found(page, wanted)]
    return list(_lines([box for word in found for box in word.boxes]))


def normalized_word(word: str) -> str:
    """The letters and digits of a word, case-folded and without ligatures."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _found(page: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """The words of the page that match, in order, with small gaps between them included."""
    if not page or not wanted:
        return []
    longest = SequenceMatcher(None, page, wanted, autojunk=False).find_longest_match()
    first = max(0, longest.a - longest.b - SLACK)
    last = min(len(page), longest.a + len(wanted) - longest.b + SLACK)
    near = SequenceMatcher(None, page[first:last], wanted, autojunk=False)
    runs = [run for run in near.get_matching_blocks() if run.size]
    total = sum(run.size for run in runs)
    if total < LEAST_FOUND * len(wanted) or total < min(FEWEST_WORDS, len(wanted)):
        return []
    at: list[int] = []
    for run in runs:
        if at and run.a + first - at[-1] <= GAP + 1:
            at += range(at[-1] + 1, run.a + first)
        at += range(run.a + first, run.a + first + run.size)
    return at


def _lines(found: Sequence[Box]) -> Iterator[Box]:
    """The boxes with consecutive ones of a line joined."""
    line: Box | None = None
    for box in found:
        if line and _continues(line, box):
            line = (line[0], min(line[1], box[1]), box[2], max(line[3], box[3]))
            continue
        if line:
            yield line
        line = box
    if line:
        yield line


def _continues(line: Box, box: Box) -> bool:
    height = max(line[3] - line[1], box[3] - box[1])
    overlap = min(line[3], box[3]) - max(line[1], box[1])
    shortest = min(line[3] - line[1], box[3] - box[1])
    return overlap > shortest / 2 and -height < box[0] - line[2] < 2 * height
