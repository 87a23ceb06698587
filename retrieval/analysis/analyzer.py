"""The one analysis chain, for documents and queries alike.

Normalise → runs of joined words → words and identifiers → fold → stem. A text gives terms of three
kinds, told apart by how they begin:

* `en:search`, the stem of a word, with its language, so that collections of several languages
  share one index; stop words have none. What may be written apart or together inside one word
  (`getUserName`) gives the stems of the parts as well.
* `=err_4711`, an exact identifier, beside those of its parts; `=IT`, an acronym that would be a
  stop word.
* `~searching`, the folded form of each word, stop words too, with its position: for phrases, exact
  words, beginnings of words, and words that some join and others do not (word_forms.py).

Stems and identifiers are what BM25 counts as the length of a passage. An unknown language has
neither stop words nor a stemmer, and is no error.
"""

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import Stemmer

from retrieval.analysis.identifiers import identifiers_of, is_identifier, is_mixed, is_strong
from retrieval.analysis.letters import fold, fold_letters, unligatured
from retrieval.analysis.normalizer import normalize
from retrieval.analysis.number_formats import grouped_numbers, is_number, plain_numbers
from retrieval.analysis.stopwords import stop_words_of
from retrieval.analysis.tokenizer import (
    BROKEN,
    RUN,
    UNSPACED,
    TextSpan,
    atoms_of,
    pairs_of,
    words_of,
)
from retrieval.analysis.word_forms import word_forms

# Raise it when texts give other terms than before: indexes are rebuilt.
ANALYSIS_VERSION = 3
IDENTIFIER_MARK = "="  # first character of a term that stands for an identifier
WORD_MARK = "~"  # first character of a term that stands for a folded word
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
# Their letters are no words, as those of identifiers: U.S.A, e.g, R&D, AT&T.
_INITIALS = re.compile(r"[A-Za-z](?:\.[A-Za-z])+|[A-Za-z]{1,3}&[A-Za-z]{1,3}")
_CONTRACTIONS = frozenset({"s", "t", "re", "ve", "ll", "d", "m"})
_CACHED_RUNS = 100_000  # per thread and language; about 90 MB when full
_CACHED_LENGTH = 40  # code points; in text without spaces a run is a sentence and never comes again


@dataclass(frozen=True, slots=True)
class Token:
    """A term and `text[start:end]` that made it, in code points of the text as given.

    `position` counts the words of the text, None for terms that have none; `width` is how many of
    these the token covers."""

    term: str
    surface: str
    start: int
    end: int
    position: int | None = None
    width: int = 1


@dataclass(frozen=True, slots=True)
class _Piece:
    term: str
    folded: str
    start: int  # from the start of the run
    end: int


@dataclass(frozen=True, slots=True)
class _AnalyzedRun:
    pieces: tuple[_Piece, ...]
    # With the first position, from the start of the run, and how many positions it covers.
    words: tuple[tuple[_Piece, int, int], ...]
    width: int
    may_be_acronym: bool = False
    # What the index takes of both, ready to be appended.
    terms: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    forms: tuple[tuple[str, int, int], ...] = ()

    @classmethod
    def of(
        cls,
        pieces: Iterable[_Piece],
        words: Iterable[tuple[_Piece, int, int]],
        width: int,
        *,
        may_be_acronym: bool = False,
    ) -> "_AnalyzedRun":
        pieces, words = tuple(pieces), tuple(words)
        return cls(
            pieces,
            words,
            width,
            may_be_acronym,
            terms=tuple(piece.term for piece in pieces),
            surfaces=tuple(piece.folded for piece in pieces),
            forms=tuple((piece.folded, at, covered) for piece, at, covered in words),
        )


class _Analyzer:
    """The chain for one language. Not safe for threads, as the stemmer inside it is not."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.stop_words = stop_words_of(language)
        self.stemmer = Stemmer.Stemmer(LANGUAGES[language]) if language in LANGUAGES else None
        self.runs: dict[str, _AnalyzedRun] = {}

    def analyzed_run(self, run: str) -> _AnalyzedRun:
        """The terms of a run; the same runs come again and again, so they are kept."""
        found = self.runs.get(run)
        if found is None:
            if len(self.runs) >= _CACHED_RUNS:
                self.runs.clear()
            found = self._analyze(run)
            if len(run) <= _CACHED_LENGTH:
                self.runs[run] = found
        return found

    def _analyze(self, run: str) -> _AnalyzedRun:
        forms, width = word_forms(run, self.language)
        words = [
            (_Piece(WORD_MARK + form.text, form.text, form.start, form.end), form.first, form.width)
            for form in forms
        ]
        capitals = run.isupper() and run.isalpha() and run != "I"
        may_be_acronym = capitals and fold(run) in self.stop_words
        return _AnalyzedRun.of(self._pieces(run), words, width, may_be_acronym=may_be_acronym)

    def _pieces(self, run: str) -> Iterator[_Piece]:
        if is_number(run):
            text = plain_numbers(run)[0]
            yield _Piece(f"{self.language}:{text}", text, 0, len(run))
            return
        for segment, start in self._segments(run):
            named = is_identifier(segment)
            if named:
                for span in identifiers_of(segment, start):
                    yield _Piece(IDENTIFIER_MARK + span.text, span.text, span.start, span.end)
            elif BROKEN.search(segment):
                joined = BROKEN.sub("", segment)
                yield from self._stems(TextSpan(joined, start, start + len(segment)))
            for word in words_of(segment, start):
                letter = len(word.text) == 1 and word.text.isascii() and word.text.isalpha()
                if not letter or not (named or _INITIALS.fullmatch(segment)):
                    yield from self._stems(word)

    def _stems(self, word: TextSpan) -> Iterator[_Piece]:
        """The stem of a word and those of its parts; none of a stop word."""
        parts = [word]
        if UNSPACED.match(word.text):
            parts = pairs_of(word)
        elif word.text.isalpha() and len(atoms := atoms_of(word)) > 1:
            parts += [atom for atom in atoms if len(atom.text) > 1]
        for part in parts:
            folded = fold(part.text)
            if folded not in self.stop_words:
                yield _Piece(self._term(folded), folded, part.start, part.end)

    def _segments(self, run: str) -> Iterator[tuple[str, int]]:
        """A run cut at apostrophes, without what the language writes before or after them."""
        cut = run.split("'")
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
        word = unligatured(word)
        if self.language == "en":  # its stemmer knows no accents: café as cafe
            word = fold_letters(word)
        if self.stemmer is not None:
            word = self.stemmer.stemWord(word)
        return f"{self.language}:{fold_letters(word)}"


_local = threading.local()


def _analyzer(language: str) -> _Analyzer:
    analyzers: dict[str, _Analyzer] = _local.__dict__.setdefault("analyzers", {})
    analyzer = analyzers.get(language)
    if analyzer is None:
        code = language_code(language)
        analyzer = analyzers.get(code) or _Analyzer(code)
        analyzers[code] = analyzers[language] = analyzer
    return analyzer


def language_code(language: str) -> str:
    """The code that terms carry: `en` for "en", "EN", "en-GB" and "english"; never an error."""
    name = language.strip().lower().replace("_", "-").split("-")[0]
    code = _CODES.get(name, name)
    return code if code.isalnum() else UNKNOWN


@dataclass(frozen=True, slots=True)
class AnalyzedText:
    """The terms of a text, without their places.

    `surfaces` are the folded words that made `terms`. `words` are folded words, each with its
    position and how many it covers; `width` is how many positions the text takes, and `starts`
    where each begins, in code points of the text as given.
    """

    terms: list[str]
    surfaces: list[str]
    words: list[tuple[str, int, int]]
    starts: list[int]

    @property
    def width(self) -> int:
        return len(self.starts)


def analyze(text: str, language: str) -> list[Token]:
    """The terms of `text` with their places, in order, words first and a run's joined forms last.

    An identifier comes before its parts, which lie inside it. Surfaces are as in the text.
    """
    normalized = normalize(text)
    found: list[Token] = []

    def token(piece: _Piece, base: int, position: int | None = None, width: int = 1) -> Token:
        start, end = normalized.place(base + piece.start, base + piece.end)
        return Token(piece.term, text[start:end], start, end, position, width)

    for base, run, position in _runs(normalized.text, language):
        found += [token(piece, base) for piece in run.pieces]
        found += [token(piece, base, position + at, width) for piece, at, width in run.words]
    return found


def analyze_text(text: str, language: str) -> AnalyzedText:
    """The terms of `text` for the index: as `analyze`, without making tokens."""
    normalized = normalize(text)
    found = AnalyzedText([], [], [], [])
    words = found.words
    for base, run, position in _runs(normalized.text, language):
        found.terms.extend(run.terms)
        found.surfaces.extend(run.surfaces)
        for form, at, width in run.forms:
            words.append((form, position + at, width))
        start = base if normalized.starts is None else normalized.starts[base]
        found.starts.extend([start] * run.width)
    return found


@dataclass(frozen=True, slots=True)
class RunTerms:
    """A run of joined words in a query, with its terms; `start` and `end` as in tokens.

    `words` are its folded words: form, position in the run, and how many positions it covers. One
    that covers more than `width` joins this run with those that follow.
    """

    text: str
    start: int
    end: int
    terms: list[str]
    words: list[tuple[str, int, int]]
    width: int


def analyze_runs(text: str, language: str) -> list[RunTerms]:
    """The terms of a query, run by run."""
    normalized = normalize(text)
    found: dict[int, RunTerms] = {}
    for base, run, _ in _runs(normalized.text, language):
        known = found.get(base)
        if known is None:
            match = RUN.match(normalized.text, base)
            start, end = normalized.place(base, match.end() if match else base + 1)
            known = found[base] = RunTerms(text[start:end], start, end, [], [], run.width)
        known.terms.extend(piece.term for piece in run.pieces)
        known.words.extend((piece.folded, at, width) for piece, at, width in run.words)
    return list(found.values())


def analyzed_terms(text: str, language: str) -> list[str]:
    """The stems and identifiers of a text, in order."""
    return [term for _, run, _ in _runs(normalize(text).text, language) for term in run.terms]


def _runs(text: str, language: str) -> Iterator[tuple[int, _AnalyzedRun, int]]:
    """Each run of a normalised text: where it starts, its terms, and its first position.

    Last come, as runs of no width, the numbers whose groups have blanks between them.
    """
    analyzer = _analyzer(language)
    position = 0
    starts: list[int] = []
    positions: list[int] = []
    for match in RUN.finditer(text):
        run = analyzer.analyzed_run(match.group())
        starts.append(match.start())
        positions.append(position)
        yield match.start(), run, position
        if run.may_be_acronym and _is_acronym(match):
            piece = _Piece(IDENTIFIER_MARK + match[0], fold(match[0]), 0, len(match[0]))
            yield match.start(), _AnalyzedRun.of((piece,), (), 0), position
        position += run.width
    positions.append(position)
    for start, end, digits in grouped_numbers(text):
        first, last = bisect_right(starts, start) - 1, bisect_left(starts, end)
        if last - first < 2:
            continue
        piece = _Piece(WORD_MARK + digits, digits, start - starts[first], end - starts[first])
        words = ((piece, 0, positions[last] - positions[first]),)
        yield starts[first], _AnalyzedRun.of((), words, 0), positions[first]


_ACRONYM_AROUND = re.compile(r"[^\W\d_]{2,}")


def _is_acronym(match: re.Match[str]) -> bool:
    """Whether a stop word in capitals is among words that are not: IT, WHO, vitamin A."""
    run = match[0]
    before, after = match.string[: match.start()], match.string[match.end() :]
    if len(run) == 1 and not (before[-1:] == " " and before[-2:-1].islower()):
        return False
    line = before.rpartition("\n")[2] + " " + after.partition("\n")[0]
    around = _ACRONYM_AROUND.findall(line)
    return not around or not all(word.isupper() for word in around)


def identifier_terms(text: str) -> list[str]:
    """The terms of the exact identifiers in a query, whole ones only, each once, in order.

    Documents holding them belong first, so doubtful ones (`type-2`, `2.5`, `and/or`) are left out.
    """
    found: dict[str, None] = {}
    for match in RUN.finditer(normalize(text).text):
        for segment in match.group().split("'"):
            if segment and is_strong(segment) and (is_identifier(segment) or is_mixed(segment)):
                found[IDENTIFIER_MARK + fold(segment)] = None
    return list(found)
