"""Which languages an embedding model reads: of others its cosines tell little."""

import unicodedata
from collections.abc import Collection, Iterable

from retrieval.analysis import WORD, fold, language_code, stop_words_of

# Codes of languages in other scripts than Latin, as far as models declare them.
_OTHER_SCRIPTS = frozenset({
    "am", "ar", "as", "be", "bg", "bn", "dv", "dz", "el", "fa", "gu", "he", "hi", "hy", "ja",
    "ka", "kk", "kn", "km", "ko", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa",
    "ps", "ru", "sa", "sd", "si", "sr", "ta", "te", "tg", "th", "ti", "tt", "ug", "uk", "ur",
    "yi", "zh",
})  # fmt: skip

LEAST_WORDS = 2  # one may be a name, or a word of the other language too


def reads_script_of(text: str, languages: Collection[str]) -> bool:
    """Whether a model of these languages can read a text, as its script says: one of Latin letters
    alone reads no other script. Without languages it reads everything."""
    if not languages or _OTHER_SCRIPTS & {*languages}:
        return True
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return 2 * latin >= len(letters)


def reads_words_of(text: str, languages: Collection[str], tags: Iterable[str]) -> bool:
    """Whether a model of these languages can read a text, as its function words say: not one that
    has two or more of another language, and more of it than of any that the model reads. `tags`
    name the languages that the text may be in."""
    words = [fold(word) for word in WORD.findall(text)]

    def count(code: str) -> int:
        return sum(word in stop_words_of(code) for word in words)

    if not languages:
        return True
    others = {language_code(tag) for tag in tags} - {*languages}
    most = max(map(count, others), default=0)
    return most < LEAST_WORDS or most <= max(map(count, languages))


def tags_read(tags: Iterable[str], languages: Collection[str]) -> list[str]:
    """Those of the documents' languages that a model of these languages reads."""
    return [tag for tag in tags if not languages or language_code(tag) in (*languages, "", "und")]
