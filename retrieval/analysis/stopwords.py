"""Stop words, by language."""

import stop_words

# The package's English list has 1333 words, "computer", "system" and "act" among them, so English
# has its own: articles, pronouns, prepositions, auxiliaries, question words (the list that NLTK
# took from Porter). nDCG@10 of BM25Okapi, Cranfield / CACM: none .361 / .485, Lucene's 33 words
# .374 / .492, these .381 / .503, the package's .379 / .514.
_ENGLISH = """
    a about above after again against all am an and any are as at be because been before being
    below between both but by can did do does doing down during each few for from further had has
    have having he her here hers herself him himself his how i if in into is it its itself just me
    more most my myself no nor not now of off on once only or other our ours ourselves out over own
    same she should so some such than that the their theirs them themselves then there these they
    this those through to too under until up very was we were what when where which while who whom
    why will with you your yours yourself yourselves
"""
ENGLISH = frozenset(_ENGLISH.split())


def stop_words_of(language: str) -> frozenset[str]:
    """Folded stop words of a two-letter code; none for a language without a list."""
    if language == "en":
        return ENGLISH
    name = {"no": "nb", "nn": "nb"}.get(language, language)
    if name not in stop_words.LANGUAGE_MAPPING or len(language) != 2:
        return frozenset()
    listed: list[str] = stop_words.get_stop_words(name)
    return frozenset(word.casefold() for word in listed)
