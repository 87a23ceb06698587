"""The words and exact identifiers of a text, before stemming and stop words.

All offsets are code points of the text as given. Folding (NFKC, then case folding) may change the
length of a word, so it is applied to each word alone, once its offsets are known.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Invisible inside a word: soft hyphen (PDF text is full of it), zero-width (non-)joiner.
INVISIBLE = "\u00ad\u200c\u200d"


def _marks() -> str:
    """A regex class body of all combining marks: they continue a word, though `\\w` omits them."""
    body = [re.escape(INVISIBLE)]
    start = None
    for code in range(0x300, 0x20000):
        is_mark = unicodedata.category(chr(code)) in ("Mn", "Mc", "Me")
        if is_mark and start is None:
            start = code
        elif not is_mark and start is not None:
            body.append(f"{chr(start)}-{chr(code - 1)}")
            start = None
    return "".join(body)


_WORD = rf"[^\W_]+(?:[{_marks()}]+[^\W_]*)*"
# What may join words to one run. A comma only groups thousands, so that "[3,5]" stays two numbers.
_JOIN = r"(?:://|::|_+|[.\-/@:\\+~'\u2019]|(?<=\d),(?=\d{3}(?!\d)))"
WORD = re.compile(_WORD)
RUN = re.compile(rf"{_WORD}(?:{_JOIN}{_WORD})*(?:(?:\+\+|#)(?!\w))?")

# Scripts written without spaces between words, and Hangul, whose words are compounds.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)

_NUMBER = re.compile(r"\d+(?:\.\d+|(?:,\d{3})+(?:\.\d+)?)")
_STRONG_JOIN = re.compile(r"_|@|\\|::|://|/.*/|/.*\.|\..*/")
_SUBDIVIDE = re.compile(r"[/\\@:#]+")
_TRIPLE_DIGIT = re.compile(r"\d{3}")
LONGEST_IDENTIFIER = (
    255  # code points; a longer run is encoded data, of which only the parts are indexed
)
_CODE_NAME = re.compile(r"[^\W\d_](?:\+\+|#)")  # C++, C#, F#


@dataclass(frozen=True, slots=True)
class TextSpan:
    """`text[start:end]`, folded; `exact` marks an identifier, which is not stemmed."""

    text: str
    start: int
    end: int
    exact: bool = False


@cache
def _strip_table() -> dict[int, None]:
    return dict.fromkeys(map(ord, INVISIBLE))


def fold(text: str) -> str:
    """NFKC and case folding, invisible characters removed; the same for every language."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text.translate(_strip_table())).casefold()
    return unicodedata.normalize("NFKC", text)


def strip_accents(word: str) -> str:
    """`word` without the accents of Latin and Greek letters; those of other scripts make letters.

    Applied after stemming (stemmers need the accents), so that "resume" finds "résumé".
    """
    if word.isascii():
        return word
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if "\u0300" <= char <= "\u036f" and kept and kept[-1] < "\u0400":
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def word_spans(run: str, offset: int) -> list[TextSpan]:
    """The words of a run; text without spaces as overlapping pairs of characters."""
    found: list[TextSpan] = []
    for match in WORD.finditer(run):
        word, at = match.group(), offset + match.start()
        done = 0
        for part in UNSPACED.finditer(word):
            if part.start() > done:
                found.append(_span(word, done, part.start(), at))
            found.extend(_pairs(word, part.start(), part.end(), at))
            done = part.end()
        if done < len(word):
            found.append(_span(word, done, len(word), at))
    return found


def _span(text: str, start: int, end: int, offset: int) -> TextSpan:
    return TextSpan(fold(text[start:end]), offset + start, offset + end)


def _pairs(word: str, start: int, end: int, offset: int) -> list[TextSpan]:
    if end - start == 1:
        return [_span(word, start, end, offset)]
    return [_span(word, at, at + 2, offset) for at in range(start, end - 1)]


def is_number(segment: str) -> bool:
    """Whether a run is one number with a fraction or grouped thousands: `2.5`, `1,000`."""
    return _NUMBER.fullmatch(segment) is not None


def is_mixed(word: str) -> bool:
    """Whether a word is of ASCII letters and digits, as in `a320`: a name, not to be stemmed."""
    return word.isascii() and word.isalnum() and not word.isalpha() and not word.isdigit()


def is_identifier(segment: str) -> bool:
    """Whether a run of joined words is also indexed as a whole: `ERR_4711`, `src/app.py`."""
    if segment.isalnum() or len(segment) > LONGEST_IDENTIFIER or is_number(segment):
        return False
    if any(char.isdigit() for char in segment) or _CODE_NAME.fullmatch(segment):
        return True
    return is_strong(segment)


def is_strong(segment: str) -> bool:
    """Whether a run is almost certainly an identifier: documents that have it then rank first.

    Joins that prose does not use, file and host names, versions, and letters with three digits
    in a row (`CVE-2026-1234`, `GSK650394`); not `type-2`, `2.5`, `10/12`, `e.g` or `and/or`.
    """
    if _STRONG_JOIN.search(segment) or _CODE_NAME.fullmatch(segment):
        return True
    parts = segment.split(".")
    if len(parts) > 1 and not is_number(segment):
        named = any(len(part) > 1 for part in parts) and len(parts[-1]) > 1
        return named or (len(parts) > 2 and segment[0].isdigit())
    return segment[0].isalpha() and _TRIPLE_DIGIT.search(segment) is not None


def identifiers_in(segment: str, offset: int) -> list[TextSpan]:
    """The whole of an identifier, then those of its parts that are identifiers (`app.py`)."""
    whole = TextSpan(fold(segment), offset, offset + len(segment), exact=True)
    found = [whole]
    at = 0
    for part in _SUBDIVIDE.split(segment):
        at = segment.index(part, at)
        if part != segment and part and is_identifier(part):
            found.append(TextSpan(fold(part), offset + at, offset + at + len(part), exact=True))
        at += len(part)
    return found
