"""Pairs of signs, as the product indexes scripts without spaces, against words that ICU cuts.

    pip install icu4py && python -m tests.benchmarks._segmentation

The texts are the translations that installed packages ship, one document a message. A query is a
word of two to four signs that ICU finds in a few of them; the right answers are all messages in
which it stands. Recall: the share of these that is found; first: the share of as many first
results as there are right ones that is right. ICU's words are ranked by rank_bm25.
"""

import gettext
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LANGUAGES = {"zh": "zh_Hans", "ja": "ja", "th": "th", "ko": "ko"}
QUERIES = 200
SHORTEST, LONGEST = 2, 4
FEWEST, MOST = 2, 30  # messages that a word stands in
Search = Callable[[str], list[int]]


def messages(folder: str) -> list[str]:
    import django

    found: set[str] = set()
    for file in Path(django.__file__).parent.parent.rglob(f"locale/{folder}/LC_MESSAGES/*.mo"):
        with file.open("rb") as catalogue:
            texts: dict[Any, str] = gettext.GNUTranslations(catalogue)._catalog  # type: ignore[attr-defined]
        found.update(text for key, text in texts.items() if key and len(text) > LONGEST)
    return sorted(found)


def words_of(text: str, language: str) -> list[str]:
    from icu4py.breakers import WordBreaker

    return [word for word in WordBreaker(text, language) if word.strip()]


def by_pairs(texts: list[str], language: str) -> Search:
    from documents.models.ranking_settings import FieldWeights
    from retrieval.hits import DocumentEntry
    from retrieval.lexical import BM25Index
    from retrieval.live_index.passage_entries import PassageText, passage_entries
    from retrieval.query import WordIndex, query_terms

    def entries() -> Iterator[Any]:
        for n, text in enumerate(texts):
            passage = [PassageText(n, (), text, 0)]
            yield (
                DocumentEntry(str(n)),
                list(passage_entries("", "", language, passage, FieldWeights())),
            )

    index = BM25Index.build(entries())
    words = WordIndex(index, index.visible(), [language])
    return lambda query: [
        hit.passage_id
        for hit in index.search(query_terms(query, [language], words).search, len(texts)).hits
    ]


def by_words(texts: list[str], language: str) -> Search:
    from rank_bm25 import BM25Okapi

    index = BM25Okapi([words_of(text, language) for text in texts])

    def search(query: str) -> list[int]:
        wanted = set(words_of(query, language))
        scores = index.get_scores(list(wanted))
        holds = [n for n, held in enumerate(index.doc_freqs) if wanted & held.keys()]
        return sorted(holds, key=lambda n: -scores[n])

    return search


def main() -> None:
    print(f"{'':4}{'messages':>9}{'queries':>8}  {'':8}{'recall':>7}{'first':>7}{'signs/s':>10}")
    for language, folder in LANGUAGES.items():
        texts = messages(folder)
        counted = {word for text in texts for word in words_of(text, language)}
        right = {
            word: {n for n, text in enumerate(texts) if word in text}
            for word in sorted(counted)
            if SHORTEST <= len(word) <= LONGEST and word.isalpha() and not word.isascii()
        }
        fitting = [word for word, found in right.items() if FEWEST <= len(found) <= MOST]
        queries = random.Random(1).sample(fitting, min(QUERIES, len(fitting)))
        for name, build in (("pairs", by_pairs), ("ICU", by_words)):
            build(texts[:9], language)  # what is loaded once
            started = time.process_time()
            search = build(texts, language)
            speed = sum(map(len, texts)) / (time.process_time() - started)
            recall = first = 0.0
            for query in queries:
                found = search(query)
                recall += len(right[query] & set(found)) / len(right[query])
                first += len(right[query] & set(found[: len(right[query])])) / len(right[query])
            shares = f"{recall / len(queries):7.3f}{first / len(queries):7.3f}"
            sizes = f"{language:4}{len(texts):9}{len(queries):8}"
            print(f"{sizes}  {name:8}{shares}{speed:10.0f}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "search_project.settings"}
        import django

        django.setup()
        main()
