"""Which languages an embedding model reads: of others its cosines tell little."""

import unicodedata
from collections.abc import Collection, Iterable

from retrieval.analysis import language_code

# Codes of languages in other scripts than Latin, as far as models declare them.
_OTHER_SCRIPTS = frozenset({
    "am", "ar", "as", "be", "bg", "bn", "dv", "dz", "el", "fa", "gu", "he", "hi", "hy", "ja",
    "ka", "kk", "kn", "km", "ko", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa",
    "ps", "ru", "sa", "sd", "si", "sr", "ta", "te", "tg", "th", "ti", "tt", "ug", "uk", "ur",
    "yi", "zh",
})  # fmt: skip


def reads_script_of(text: str, languages: Collection[str]) -> bool:
    """Whether a model of these languages can read a text, as its script says: one of Latin letters
    alone reads no other script. Without languages it reads everything."""
    if not languages or _OTHER_SCRIPTS & {*languages}:
        return True
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return 2 * latin >= len(letters)


def tags_read(tags: Iterable[str], languages: Collection[str]) -> list[str]:
    """Those of the documents' languages that a model of these languages reads."""
    return [tag for tag in tags if not languages or language_code(tag) in (*languages, "", "und")]
