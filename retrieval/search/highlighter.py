"""Which characters of a passage to mark: what stands for a word or phrase of the query."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.analysis import IDENTIFIER_MARK, WORD_MARK, Token, analyze
from retrieval.lexical import AnyWord, Phrase
from retrieval.query import QueryTerms, QueryWord

Span = tuple[int, int]

_APOSTROPHES = ("'", "\u2019", "\u02bc")
_AFTER_APOSTROPHE = re.compile(rf"[{''.join(_APOSTROPHES)}][^\W\d_]+")


def highlight_spans(text: str, terms: QueryTerms, language: str) -> list[Span]:
    """Spans (start, end) in code points of `text`, in order, touching ones joined.

    Other forms of a word are marked, too. Words in a row that the query has in a row are one mark;
    those that stand in its quotation marks alone are marked nowhere else, unless the row is in
    another passage. A mark never ends at an apostrophe inside a word.
    """
    tokens = analyze(text, language)
    quoted = [words for phrase in terms.phrases for words in phrase.variants]
    rows = [span for words in quoted for span in _rows(tokens, words)]
    single, phrases = _sought(_outside(terms) if rows else terms.words)
    spans = [(token.start, token.end) for token in tokens if token.term in single]
    for phrase in phrases:
        spans += _rows(tokens, phrase)
    return _joined(sorted(_to_end_of_word(text, span) for span in [*spans, *rows]), text)


def _outside(terms: QueryTerms) -> list[QueryWord]:
    """The words of the query that its quotation marks do not hold."""
    inside = Counter(word for phrase in terms.phrases for word in phrase.variants[0])
    words = []
    for word in terms.words:
        forms = [form for form in _forms(word) if inside[form]]
        if not forms:
            words.append(word)
        inside.subtract(forms[:1])
    return words


def _forms(word: QueryWord) -> list[str]:
    terms = (each.term for each in word.terms if not each.synonym)
    return [t.removeprefix(WORD_MARK) for t in terms if isinstance(t, str) and t[0] == WORD_MARK]


def _to_end_of_word(text: str, span: Span) -> Span:
    """With what an apostrophe joins to its end: the `'s` of a name."""
    start, end = span
    rest = _AFTER_APOSTROPHE.match(text, end) if text[end - 1].isalpha() else None
    return start, rest.end() if rest else end


def _sought(words: Sequence[QueryWord]) -> tuple[set[str], list[tuple[str, ...]]]:
    """The terms that are marked by themselves, and rows of words."""
    single: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    for word in words:
        if word.is_optional:
            continue
        plain = {each.term for each in word.terms if isinstance(each.term, str)}
        if any(isinstance(each.term, Phrase) for each in word.terms) and any(
            term.startswith(IDENTIFIER_MARK) for term in plain
        ):  # the parts of an identifier say nothing outside it
            plain = {term for term in plain if term[0] in (IDENTIFIER_MARK, WORD_MARK)}
        single |= plain
        for each in word.terms:
            if isinstance(each.term, AnyWord):
                single.update(WORD_MARK + listed for listed in each.term.words)
            elif isinstance(each.term, Phrase):
                phrases += each.term.variants
    return single, phrases


def _rows(tokens: Sequence[Token], words: Sequence[str]) -> Iterator[Span]:
    """Where the words stand one after the other."""
    at: dict[tuple[str, int], Token] = {
        (token.term, token.position): token for token in tokens if token.position is not None
    }
    first = WORD_MARK + words[0]
    for token in tokens:
        if token.term != first or token.position is None:
            continue
        last: Token | None = token
        for word in words[1:]:
            if last is None or last.position is None:
                break
            last = at.get((WORD_MARK + word, last.position + last.width))
        if last is not None:
            yield token.start, last.end


def _joined(spans: list[Span], text: str) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] in _APOSTROPHES):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
