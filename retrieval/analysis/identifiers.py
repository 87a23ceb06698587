"""Names that are found as they are: codes, versions, addresses, paths, acronyms with signs."""

import re

from retrieval.analysis.letters import fold
from retrieval.analysis.number_formats import is_number
from retrieval.analysis.tokenizer import BROKEN, TextSpan

LONGEST_IDENTIFIER = 255  # code points; longer runs are encoded data, only their parts are kept
_STRONG_JOIN = re.compile(r"_|@|\\|::|://|/.*/|/.*\.|\..*/|^[A-Z]{1,3}&[A-Z]{1,3}$|^\.")
_SUBDIVIDE = re.compile(r"[/\\@:#]+")
_TRIPLE_DIGIT = re.compile(r"\d{3}")
_CODE_NAME = re.compile(r"[^\W\d_](?:\+\+|#)")  # C++, C#, F#
_VERSION = re.compile(r"v(?=\d+(?:\.\d+)+)", re.IGNORECASE)


def is_mixed(word: str) -> bool:
    """Whether a word is of ASCII letters and digits, as in `a320`: a name, not to be stemmed."""
    return word.isascii() and word.isalnum() and not word.isalpha() and not word.isdigit()


def is_identifier(segment: str) -> bool:
    """Whether a run of joined words is kept whole beside its parts: `ERR_4711`, `src/app.py`."""
    if segment.isalnum() or len(segment) > LONGEST_IDENTIFIER or is_number(segment):
        return False
    if BROKEN.search(segment) or re.fullmatch(r"[\d,]+", segment):
        return False
    if any(char.isdigit() for char in segment) or _CODE_NAME.fullmatch(segment):
        return True
    return is_strong(segment)


def is_strong(segment: str) -> bool:
    """Whether a run can hardly be anything but an identifier, so that exact hits come first.

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


def identifiers_of(segment: str, offset: int) -> list[TextSpan]:
    """The whole of an identifier, folded, then those of its parts that are identifiers (`app.py`),
    and a version without its `v`."""
    found = [TextSpan(fold(segment), offset, offset + len(segment))]
    if _VERSION.match(segment):
        found.append(TextSpan(fold(segment[1:]), offset + 1, offset + len(segment)))
    at = 0
    for part in _SUBDIVIDE.split(segment):
        at = segment.index(part, at)
        if part != segment and part and is_identifier(part):
            found.append(TextSpan(fold(part), offset + at, offset + at + len(part)))
        at += len(part)
    return found
