"""What autocomplete suggests, and when two suggestions are one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from retrieval.analysis import Span, analyzed_terms, cut_words, language_code


class SuggestionKind(StrEnum):
    """What a suggestion is. A title opens its document; all others are searched for."""

    RECENT = "recent"  # the caller's own search
    POPULAR = "popular"  # a search of many users
    TITLE = "title"
    HEADING = "heading"


@dataclass(frozen=True)
class Suggestion:
    """`text` as it is written there, and the places of what is typed of it, in code points. `url`
    and `collection` are those of the one document with a title; one that several documents have,
    be it in other forms, is searched for. `forms` are the words without their endings: suggestions
    that share one are one."""

    kind: SuggestionKind
    text: str
    typed: tuple[Span, ...] = ()
    url: str = ""
    collection: str = ""
    forms: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)


def forms_of(text: str, languages: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """The words of a text, folded, and as stems in each language: texts that differ only in case,
    accents or the endings of words have one in common."""
    words = [word for word in cut_words(text) if not word.is_joined]
    forms = {tuple(word.folded for word in words)}
    for code in dict.fromkeys(map(language_code, languages)):
        stems = (analyzed_terms(text[word.start : word.end], code) for word in words)
        pairs = zip(words, stems, strict=True)
        forms.add(tuple(term for word, found in pairs for term in found or [word.folded]))
    return frozenset(forms)
