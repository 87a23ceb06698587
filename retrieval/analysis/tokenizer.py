"""Where words and joined words lie in a normalised text, before anything is folded or stemmed."""

import re
import unicodedata
from dataclasses import dataclass


def _marks() -> str:
    """A regex class body of all combining marks: they continue a word, though `\\w` omits them."""
    body: list[str] = []
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
# A hyphen at the end of a line joins, too: the word was broken there, or it has a hyphen.
_BROKEN = r"(?<=[^\W\d_])-[^\S\n]*\n[^\S\n]*(?=[^\W\d_])"
# A comma joins digits alone.
_JOIN = rf"(?:://|::|_+|{_BROKEN}|[.\-/@:\\+~'&]|(?<=\d),(?=\d))"
_DOTTED = r"(?:(?<![\w.)\]])\.(?=[^\W\d_]))?"  # .NET, .gitignore
WORD = re.compile(_WORD)
RUN = re.compile(rf"{_DOTTED}{_WORD}(?:{_JOIN}{_WORD})*(?:(?:\+\+|#)(?!\w))?")
BROKEN = re.compile(_BROKEN)

# Scripts written without spaces between words, and Hangul, whose words are compounds.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff]+"
)
# Where a word changes kind inside: userName, HTTPServer, 16GB, A320.
_HUMP = re.compile(
    r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)"
)


@dataclass(frozen=True, slots=True)
class TextSpan:
    """`text` is what stands from `start` to `end`, counted from the start of the run."""

    text: str
    start: int
    end: int


def words_of(run: str, offset: int = 0) -> list[TextSpan]:
    """The words of a run; what is written without spaces is apart from the letters beside it."""
    found: list[TextSpan] = []
    for match in WORD.finditer(run):
        word, at, done = match.group(), offset + match.start(), 0
        for part in UNSPACED.finditer(word):
            if part.start() > done:
                found.append(_span(word, done, part.start(), at))
            found.append(_span(word, part.start(), part.end(), at))
            done = part.end()
        if done < len(word):
            found.append(_span(word, done, len(word), at))
    return found


def atoms_of(word: TextSpan) -> list[TextSpan]:
    """The parts of one word that have a position each: single characters of text without spaces
    (a consonant with its vowel signs), and what `userName` or `16GB` joins."""
    text = word.text
    if UNSPACED.match(text):
        cuts = [at for at, char in enumerate(text) if at == 0 or (not unicodedata.combining(char)
                and unicodedata.category(char) not in ("Mn", "Mc"))]  # fmt: skip
    elif (
        text.isalpha() and (text.islower() or text.isupper() or text.istitle())
    ) or text.isdigit():
        return [word]
    else:
        cuts = [0, *(match.start() for match in _HUMP.finditer(text))]
    ends = [*cuts[1:], len(text)]
    return [_span(text, start, end, word.start) for start, end in zip(cuts, ends, strict=True)]


def pairs_of(word: TextSpan) -> list[TextSpan]:
    """Text without spaces as overlapping pairs of characters; one character alone as it is."""
    text = word.text
    if len(text) == 1:
        return [word]
    return [_span(text, at, at + 2, word.start) for at in range(len(text) - 1)]


def _span(text: str, start: int, end: int, offset: int) -> TextSpan:
    return TextSpan(text[start:end], offset + start, offset + end)
