"""What a query may learn of the words in the documents that its caller can see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from retrieval.analysis import WORD_MARK, analyzed_terms, language_code
from retrieval.lexical import BM25Index, SearchTerm, VisibleStats, WeightedTerm

# Languages that write compounds as one word, and the letters that join their parts.
_LINKS = {
    "de": ("", "s", "es", "n", "en", "er", "e"), "nl": ("", "s", "en", "e"),
    "da": ("", "s", "e"), "sv": ("", "s", "e", "o"), "no": ("", "s", "e"),
    "nb": ("", "s", "e"), "nn": ("", "s", "e"), "fi": ("", "n"),
}  # fmt: skip
LEAST_PART = 4  # letters of what is left of a compound
LEAST_INSIDE = 8  # letters of a word that stands inside another by no chance
MOST_COMPOUNDS = 50
MOST_INFLECTIONS = 5
LONGEST_ENDING = 4  # letters that another form of a word may have more
LEAST_BEGINNING = 3  # letters that all forms of a word begin with
MOST_LOOKED_AT = 2000  # words that hold another one's letters


@dataclass(frozen=True)
class WordIndex:
    """The words in the passages of `visible`; tells of no other."""

    index: BM25Index
    visible: VisibleStats
    languages: Sequence[str] = ()

    def frequencies(self, terms: Sequence[SearchTerm]) -> list[int]:
        """In how many visible passages each term occurs."""
        return self.index.frequencies(terms, self.visible) if terms else []

    def frequencies_within(self, terms: Sequence[WeightedTerm]) -> list[int]:
        """The same, of each term in the passages that it is `within`: those of a collection that is
        visible, or all."""
        found: dict[WeightedTerm, int] = {}
        for within in dict.fromkeys(term.within for term in terms):
            own = [term for term in terms if term.within == within]
            visible = self.index.visible({within[0]: [within[1]]}) if within else self.visible
            found |= zip(own, self.index.frequencies(own, visible), strict=True)
        return [found[term] for term in terms]

    def beginning(self, prefix: str, most: int) -> list[str]:
        """Folded words that go on after `prefix`, the commonest first."""
        return self.fitting(f"{prefix}*", most)

    def fitting(self, pattern: str, most: int) -> list[str]:
        """Folded words that fit a pattern with `*`, the commonest first."""
        words = self.index.words_like(pattern)[: MOST_LOOKED_AT * 10]
        counts = self._counts(words)
        held = [word for word in words if counts[word]]
        return sorted(held, key=lambda word: (-counts[word], word))[:most]

    def inflections(self, word: str) -> list[str]:
        """Other folded words with a stem of this one, the commonest first."""
        own = {code: _stem(word, code) for code in map(language_code, self.languages)}
        beginnings = {_beginning(word, stem) for stem in own.values() if stem}
        like = {w for each in beginnings for w in self.index.words_like(f"{each}*")}
        near = sorted(w for w in like if w != word and len(w) <= len(word) + LONGEST_ENDING)
        same = [
            each
            for each in near[:MOST_LOOKED_AT]
            if any(stem and _stem(each, code) == stem for code, stem in own.items())
        ]
        counts = self._counts(same)
        held = (each for each in same if counts[each])
        return sorted(held, key=lambda each: (-counts[each], each))[:MOST_INFLECTIONS]

    def compounds(self, word: str) -> list[str]:
        """Compounds with `word` in them: what is left on either side is made of visible words, or
        the word is too long to stand in another by chance."""
        links = {link for tag in self.languages for link in _LINKS.get(language_code(tag), ())}
        if not links:
            return []
        holding = [w for w in self.index.words_like(f"*{word}*")[:MOST_LOOKED_AT] if w != word]
        rests = {each: _rests(each, word) for each in holding}
        stems = {stem for left, right in rests.values() for stem in _stems(left, right, links)}
        counts = self._counts([*stems, *holding])
        fits = [
            each
            for each, (left, right) in rests.items()
            if counts[each]
            and (len(word) >= LEAST_INSIDE or _is_made_of_words(left, right, links, counts))
        ]
        return sorted(fits, key=lambda each: (-counts[each], each))[:MOST_COMPOUNDS]

    def _counts(self, words: Iterable[str]) -> dict[str, int]:
        listed = list(dict.fromkeys(words))
        return dict(zip(listed, self.frequencies([WORD_MARK + w for w in listed]), strict=True))


def _stem(word: str, code: str) -> str:
    """That of a word of letters, empty where it has none or several."""
    terms = analyzed_terms(word, code) if word.isalpha() else []
    return terms[0] if len(terms) == 1 else ""


def _beginning(word: str, stem: str) -> str:
    """What other forms of a word begin with: the letters it shares with its stem, but the last,
    which may change (`category`, `categories`)."""
    pairs = zip(word, stem.partition(":")[2], strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return word[: max(shared - 1, LEAST_BEGINNING)]


def _rests(compound: str, word: str) -> tuple[str, str]:
    left, _, right = compound.partition(word)
    return left, right


def _stems(left: str, right: str, links: Iterable[str]) -> list[str]:
    """The words that the rests may be, without the letters that join."""
    found = []
    for link in links:
        if left.endswith(link):
            found.append(left[: len(left) - len(link)])
        if right.startswith(link):
            found.append(right[len(link) :])
    return [stem for stem in found if len(stem) >= LEAST_PART]


def _is_made_of_words(left: str, right: str, links: Iterable[str], counts: dict[str, int]) -> bool:
    def known(rest: str, stems: list[str]) -> bool:
        return not rest or any(counts.get(stem) for stem in stems)

    ending = _stems(left, "", links) if left else []
    following = _stems("", right, links) if right else []
    return known(left, ending) and (known(right, following) or right in links)
