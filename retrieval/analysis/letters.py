"""Letters that people type for one another: capitals, accents, ligatures, traditional characters.

Folds as Lucene's ASCIIFoldingFilter and ICU's search folding do, but for the letters й and ё
(Cyrillic й is a letter of its own) and vowel signs of Indic scripts, which are letters too.
"""

import re
import unicodedata
from functools import cache, lru_cache

from anyascii import anyascii

# Marks that may be left out in writing: Latin and Greek accents, points of Hebrew and Arabic.
_POINTS = re.compile(
    "[\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_VARIANTS = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ё": "е", "ς": "σ"}
)
_LATIN = re.compile("[\u00df-\u024f\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua7ff\uab30-\uab6f]")
_LIGATURES = str.maketrans({"œ": "oe", "ĳ": "ij"})
_BEFORE_GREEK_ENDS = "\u0400"
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def fold(text: str) -> str:
    """Case folding, and one character for its compatible forms; accents stay."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def strip_marks(word: str) -> str:
    """`word` without the accents of Latin and Greek letters and the points of Semitic ones."""
    if word.isascii():
        return word
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if "\u0300" <= char <= "\u036f" and kept and kept[-1] < _BEFORE_GREEK_ENDS:
            continue
        kept.append(char)
    return _POINTS.sub("", unicodedata.normalize("NFC", "".join(kept)))


def unligatured(word: str) -> str:
    """Ligatures of letters apart, as stemmers expect them: `cœur` as `coeur`."""
    return word if word.isascii() else word.translate(_LIGATURES)


@lru_cache(maxsize=1 << 16)
def fold_letters(word: str) -> str:
    """The form in which words of different spelling habits meet: `łódź` and `lodz`, `Straße` and
    `strasse`, `圖` and `图`. Never empty for a word of letters or digits."""
    word = fold(word)
    if word.isascii():
        return word
    plain = strip_marks(word).translate(_VARIANTS)
    plain = _LATIN.sub(lambda letter: anyascii(letter[0]).lower() or letter[0], plain)
    return simplified(plain) or word


def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones, each by itself, so that lengths stay."""
    return text.translate(_simplified_characters()) if _HAN.search(text) else text


@cache
def _simplified_characters() -> dict[int, str]:
    from opencc import OpenCC

    converter = OpenCC("t2s")
    han = [chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
           for code in range(first, last + 1)]  # fmt: skip
    pairs = zip(han, converter.convert("\n".join(han)).split("\n"), strict=True)
    return {ord(char): simple for char, simple in pairs if simple != char and len(simple) == 1}


# Languages that write ä, ö, ü, å, æ, ø with two letters where the keyboard has none.
_DIGRAPHS = {
    "de": {"ä": "ae", "ö": "oe", "ü": "ue"},
    "da": {"å": "aa", "ø": "oe"},
    "no": {"å": "aa", "ø": "oe"},
    "sv": {"å": "aa", "ä": "ae", "ö": "oe"},
    "fi": {"ä": "ae", "ö": "oe"},
}
_DIGRAPHS |= {"nb": _DIGRAPHS["no"], "nn": _DIGRAPHS["no"]}


def spelt_out(folded: str, language: str) -> str | None:
    """`mueller` of `müller` where the language writes so, None where nothing is to spell out."""
    pairs = _DIGRAPHS.get(language)
    if pairs is None or folded.isascii():
        return None
    spelt = "".join(pairs.get(char, char) for char in folded)
    return fold_letters(spelt) if spelt != folded else None
