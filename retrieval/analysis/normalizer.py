"""One form for what Unicode writes in several, before words are cut.

The normalised text keeps capitals and accents. It may be shorter or longer than the text given, so
it knows for each of its code points which of the given ones it stands for.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Format characters without width that may stand inside a word: soft hyphen, joiners, word joiner,
# direction marks, byte order mark, variation selectors, tag characters.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# Signs that people type for a hyphen or an apostrophe: one code point for another.
_SIGNS = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\ufe63\uff0d", "-"),
     **dict.fromkeys("\u02bc\u02bb\u2019\uff07", "'")}
)  # fmt: skip
_STARTS_AT = "\u0300"  # below, every character starts a segment of its own


@dataclass(frozen=True)
class NormalizedText:
    """`text`, and where each of its code points lies in the text given; None: at the same place."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which is not empty, lies in the text given."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalize(text: str) -> NormalizedText:
    """NFKC without invisible characters, with one hyphen and one apostrophe."""
    if text.isascii():
        return NormalizedText(text)
    text = text.translate(_SIGNS)
    if unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text):
        return NormalizedText(text)
    parts: list[str] = []
    starts, ends = array("q"), array("q")
    for start, end in _segments(text):
        form = _form(text[start:end])
        parts.append(form)
        starts.extend([start] * len(form))
        ends.extend([end] * len(form))
    return NormalizedText("".join(parts), starts, ends)


def _segments(text: str) -> list[tuple[int, int]]:
    """The text cut before each character that does not compose with what stands before it."""
    cuts = [at for at, char in enumerate(text) if at == 0 or char < _STARTS_AT or _begins(char)]
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


@lru_cache(maxsize=1 << 15)
def _begins(char: str) -> bool:
    """Accents, voicing marks of kana and the later letters of a Hangul syllable do not."""
    if _INVISIBLE.match(char):
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return not unicodedata.combining(first) and not "\u1160" <= first <= "\u11ff"


@lru_cache(maxsize=1 << 15)
def _form(segment: str) -> str:
    form = unicodedata.normalize("NFKC", _INVISIBLE.sub("", segment))
    return form.translate(_SIGNS)
