"""Whether letters are words of a language, or numbers of shapes that were taken for letters."""

import re
import unicodedata
from collections import Counter

SAMPLE = 3000
VOWEL = re.compile(r"[aeiouy]", re.I)
# Words of all languages have so many vowels, letters and letters of one script.
VOWELS, LETTERS, ONE_SCRIPT = 0.22, 0.5, 0.8
# Of Latin letters, so many have no accent.
PLAIN = 0.6
EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "HALFWIDTH", "IDEOGRAPHIC",
              "KATAKANA-HIRAGANA")  # fmt: skip


def is_legible(text: str) -> bool:
    sample = [one for one in text[:SAMPLE] if not one.isspace() and not one.isdigit()]
    letters = [one for one in sample if one.isalpha()]
    if not letters:  # numbers and their points
        return 2 * len(sample) <= len("".join(text[:SAMPLE].split()))
    if len(letters) < LETTERS * len(sample):
        return False
    script, count = Counter(map(_script, letters)).most_common(1)[0]
    if count < ONE_SCRIPT * len(letters):
        return False
    if script != "LATIN":
        return True
    vowels = len(VOWEL.findall("".join(letters)))
    plain = sum(one.isascii() for one in letters)
    return vowels >= VOWELS * len(letters) and plain >= PLAIN * len(letters)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "UNKNOWN").split()[0]
    return "EAST ASIAN" if name in EAST_ASIAN else name
