"""The analysis chain, the same for documents and queries.

Fold (NFKC, case) → words and identifiers → stop words → Snowball stem → accents off. A term
carries its language, `en:search`, so that collections of several languages share one index. An
exact identifier makes a term of its own without language, `=err_4711`, beside those of its parts.
An unknown language has neither stop words nor a stemmer, and is no error.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import Stemmer

from retrieval.analysis.stopwords import stop_words_of
from retrieval.analysis.tokenizer import (
    RUN,
    TextSpan,
    fold,
    identifiers_in,
    is_identifier,
    is_mixed,
    is_number,
    is_strong,
    strip_accents,
    word_spans,
)

# Increase it when texts give other terms than before: indexes are then rebuilt.
ANALYSIS_VERSION = 1
IDENTIFIER_MARK = "="  # first character of a term that stands for an identifier
UNKNOWN = "und"  # ISO 639-2's code for an undetermined language

_ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
    "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
# Two-letter code → Snowball's name, as far as the installed PyStemmer has it.
LANGUAGES: dict[str, str] = {
    code: name for code, name in _ALGORITHMS.items() if name in Stemmer.algorithms()
}
_CODES = {name: code for code, name in _ALGORITHMS.items() if code not in ("nb", "nn")}
# Languages in which a short word before an apostrophe is an article or pronoun: l'homme, dell'.
_ELIDING = frozenset({"fr", "it", "ca"})
_CONTRACTIONS = frozenset({"s", "t", "re", "ve", "ll", "d", "m"})
_CACHED_RUNS = 100_000  # per thread and language; about 30 MB when full
_CACHED_LENGTH = 40  # code points; longer runs, as the sentences of unspaced scripts, seldom recur


@dataclass(frozen=True, slots=True)
class Token:
    """A term and `text[start:end]` that made it, in code points of the text as given."""

    term: str
    surface: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    term: str
    folded: str
    start: int  # from the start of the run
    end: int


class _Analyzer:
    """The chain for one language. Not safe for threads, as the stemmer inside it is not."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.stop_words = stop_words_of(language)
        self.stemmer = Stemmer.Stemmer(LANGUAGES[language]) if language in LANGUAGES else None
        self.runs: dict[str, tuple[_Piece, ...]] = {}

    def pieces(self, run: str) -> tuple[_Piece, ...]:
        """The terms of a run, cached: most runs recur."""
        found = self.runs.get(run)
        if found is None:
            if len(self.runs) >= _CACHED_RUNS:
                self.runs.clear()
            found = tuple(self._analyse(run))
            if len(run) <= _CACHED_LENGTH:
                self.runs[run] = found
        return found

    def _analyse(self, run: str) -> Iterator[_Piece]:
        for segment, start in self._segments(run):
            for span in _spans(segment, start):
                if span.exact:
                    yield _Piece(IDENTIFIER_MARK + span.text, span.text, span.start, span.end)
                elif span.text not in self.stop_words:
                    yield _Piece(self._term(span.text), span.text, span.start, span.end)

    def _segments(self, run: str) -> Iterator[tuple[str, int]]:
        """A run split at apostrophes, without the language's elided articles and contractions."""
        cut = run.replace("\u2019", "'").split("'")
        at = 0
        for number, segment in enumerate(cut):
            folded = fold(segment)
            follows = fold(cut[number + 1]) if number + 1 < len(cut) else None
            dropped = (number > 0 and folded in _CONTRACTIONS) or (
                follows == "t" and folded.endswith("n")  # isn't, won't, can't
            )
            if self.language != "en":
                dropped = self.language in _ELIDING and follows is not None and len(folded) <= 2
            if not dropped:
                yield run[at : at + len(segment)], at
            at += len(segment) + 1

    def _term(self, word: str) -> str:
        if is_mixed(word):
            return IDENTIFIER_MARK + word
        if self.language == "en":  # its stemmer knows no accents: café as cafe
            word = strip_accents(word)
        if self.stemmer is not None:
            word = self.stemmer.stemWord(word)
        return f"{self.language}:{strip_accents(word)}"


def _spans(segment: str, start: int) -> list[TextSpan]:
    if is_number(segment):  # one word: a search for 2 should not find 2.5
        return [TextSpan(fold(segment).replace(",", ""), start, start + len(segment))]
    if is_identifier(segment):
        return identifiers_in(segment, start) + word_spans(segment, start)
    return word_spans(segment, start)


_local = threading.local()


def _analyzer(language: str) -> _Analyzer:
    analysers: dict[str, _Analyzer] = _local.__dict__.setdefault("analysers", {})
    analyser = analysers.get(language)
    if analyser is None:
        code = language_code(language)
        analyser = analysers.get(code) or _Analyzer(code)
        analysers[code] = analysers[language] = analyser
    return analyser


def language_code(language: str) -> str:
    """The code used in terms: `en` for "en", "EN", "en-GB" and "english". It never raises."""
    name = language.strip().lower().replace("_", "-").split("-")[0]
    code = _CODES.get(name, name)
    return code if code.isalnum() else UNKNOWN


def analyze(text: str, language: str) -> list[Token]:
    """The terms of `text` with their places, in order, without stop words.

    An identifier comes before its parts, which lie inside it. Surfaces are as in the text.
    """
    analyser = _analyzer(language)
    found: list[Token] = []
    for match in RUN.finditer(text):
        base = match.start()
        for piece in analyser.pieces(match.group()):
            start, end = base + piece.start, base + piece.end
            found.append(Token(piece.term, text[start:end], start, end))
    return found


def analyzed_terms(text: str, language: str) -> list[str]:
    """The terms of `analyze(text, language)` in the same order, without their places."""
    pieces = _analyzer(language).pieces
    return [piece.term for run in RUN.findall(text) for piece in pieces(run)]


def terms_with_surface_forms(text: str, language: str) -> tuple[list[str], list[str]]:
    """The terms, and for each the folded word it comes from, which spelling corrections need."""
    pieces = _analyzer(language).pieces
    found = [piece for run in RUN.findall(text) for piece in pieces(run)]
    return [piece.term for piece in found], [piece.folded for piece in found]


def identifier_terms(text: str) -> list[str]:
    """The terms of the exact identifiers in a query, whole ones only, each once, in order.

    Documents holding them belong first, so doubtful ones (`type-2`, `2.5`, `and/or`) are left out.
    """
    found: dict[str, None] = {}
    for match in RUN.finditer(text):
        for segment in match.group().replace("\u2019", "'").split("'"):
            if segment and is_strong(segment) and (is_identifier(segment) or is_mixed(segment)):
                found[IDENTIFIER_MARK + fold(segment)] = None
    return list(found)
