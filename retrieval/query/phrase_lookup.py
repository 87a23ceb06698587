"""Documents with an exact phrase, found by a regular expression over their texts."""

import re
import unicodedata
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from documents.models import Extraction
from retrieval.analysis import UNSPACED, WORD

# The borders of a word where `tokenising` sees them, for PostgreSQL: an underscore and text without
# spaces end a word; marks do not. Its \w knows vowel signs, but neither accents that are characters
# of their own nor signs that join letters.
_UNSPACED = UNSPACED.pattern[1:-2]
_JOINED = "".join(
    char
    for char in map(chr, range(0x300, 0x20000))
    if unicodedata.combining(char) and not UNSPACED.match(char)
)
_BEGINS = rf"(?<![^\W_{_UNSPACED}])(?<![{_JOINED}])"
_ENDS = rf"(?![^\W_{_UNSPACED}]|[{_JOINED}])"
_BETWEEN = r"[\W_]+"


def holds(words: str) -> Q:
    """Documents whose title or text has `words` in this order; case and separators do not count."""
    pattern = _pattern(WORD.findall(words))
    text = Extraction.objects.filter(
        document=OuterRef("pk"), version=OuterRef("version"), text__iregex=pattern
    )
    return Q(title__iregex=pattern) | Q(Exists(text))


def _pattern(runs: Sequence[str]) -> str:
    """A regular expression for PostgreSQL: the runs one after the other, as whole words.

    Text without spaces has no borders to look for. Texts are stored as they were written, so an
    accented letter may be one character or two: either is looked for, since normalising the texts
    takes ten times as long as searching them.
    """
    begins = "" if UNSPACED.match(runs[0]) else _BEGINS
    ends = "" if UNSPACED.match(runs[-1][-1]) else _ENDS
    return begins + _BETWEEN.join(map(_in_either_form, runs)) + ends


def _in_either_form(run: str) -> str:
    forms = dict.fromkeys(unicodedata.normalize(form, run) for form in ("NFC", "NFD"))
    return f"(?:{'|'.join(map(re.escape, forms))})"
