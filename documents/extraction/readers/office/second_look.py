"""A cheap second look at a file, against which a reader's text is checked."""

import logging
import re
from collections import Counter
from pathlib import Path

from documents.extracted_text import ExtractedText
from documents.extraction.text_builder import TextBuilder

log = logging.getLogger(__name__)

# A text with less than this share of the words that plainly stand in the file has lost some.
COMPLETE = 0.8


def fuller(found: ExtractedText, raw: str, path: Path) -> ExtractedText:
    """`found`, or the lines of `raw` as paragraphs if `found` lacks too many of their words."""
    recall = word_recall(found.text, raw)
    if recall >= COMPLETE or _letters(found.text) >= COMPLETE * _letters(raw):
        return found
    log.warning("%s: the reader found %.0f %% of the words; kept them all", path, 100 * recall)
    builder = TextBuilder()
    for line in raw.split("\n"):
        builder.block("paragraph", line)
    return builder.extracted()


def word_recall(text: str, expected: str) -> float:
    """The share of the words of `expected` that stand in `text`, as often as there."""
    wanted = Counter(re.findall(r"\w+", expected.lower()))
    if not wanted:
        return 1.0
    return (wanted & Counter(re.findall(r"\w+", text.lower()))).total() / wanted.total()


def _letters(text: str) -> int:
    return len(re.findall(r"[^\W_]", text))
