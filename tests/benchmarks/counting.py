"""How many documents of long questions count as results, by the share that they must hold of what
the document with most of the words holds.

    python -m tests.benchmarks.counting [FOLDER ...]

For each collection in BEIR layout (by default those of BENCH_DATA), without a database: each
document is one passage. Of the questions with more than SHORT_QUERY words that stand somewhere,
prints for several least shares the median and the greatest count, the part of the collection that
the median is, and the part of the relevant documents that are counted, of those that have any word
of the question.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "numba-cache"))

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
django.setup()

from documents.models.ranking_settings import FieldWeights  # noqa: E402
from retrieval.evaluation.datasets.beir import Dataset, load_dataset  # noqa: E402
from retrieval.hits import DocumentEntry, DocumentHits, PassageEntry  # noqa: E402
from retrieval.lexical import BM25Index  # noqa: E402
from retrieval.live_index.passage_entries import PassageText, passage_entries  # noqa: E402
from retrieval.query import WordIndex, query_terms  # noqa: E402
from retrieval.ranking.matches import SHORT_QUERY  # noqa: E402
from tests.benchmarks._data import COLLECTIONS  # noqa: E402

LANGUAGE = "en"
QUESTIONS = 100  # of a collection, at most
SHARES = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)


def entries(dataset: Dataset) -> Iterator[tuple[DocumentEntry, list[PassageEntry]]]:
    """Each document as the product indexes it, in one passage."""
    for number, document in enumerate(dataset.documents()):
        text = PassageText(number, [], document.text or document.title, 0)
        yield (
            DocumentEntry(document.id),
            list(passage_entries(document.title, "", LANGUAGE, [text], FieldWeights())),
        )


def matches(index: BM25Index, question: str) -> DocumentHits:
    words = WordIndex(index, index.visible(), [LANGUAGE])
    terms = query_terms(question, [LANGUAGE], words)
    return index.search_documents(terms.search, 0, words=terms.search_words)


def measure(folder: Path) -> None:
    """Print the table of one collection."""
    dataset = load_dataset(folder)
    ids = [document.id for document in dataset.documents()]
    index = BM25Index.build(entries(dataset))
    found = {query: matches(index, text) for query, text in dataset.queries.items()}
    long = [query for query, hits in found.items() if hits.words > SHORT_QUERY][:QUESTIONS]
    print(f"\n{dataset.name}: {len(long)} questions of more than {SHORT_QUERY} words")
    print("| least share | median count | of the collection | most | relevant ones counted |")
    print("| --- | --- | --- | --- | --- |")
    for least in SHARES:
        counts, kept, relevant = [], 0, 0
        for query in long:
            hits = found[query]
            enough = hits.shares >= least * hits.shares.max()
            counts.append(int(np.count_nonzero(enough)))
            wanted = {id_ for id_, grade in dataset.qrels[query].items() if grade > 0}
            places = [at for at, n in enumerate(hits.passage_ids.tolist()) if ids[n] in wanted]
            relevant += len(places)
            kept += int(np.count_nonzero(enough[places]))
        median = statistics.median(counts)
        print(
            f"| {least} | {median:.0f} | {median / len(ids):.1%} | {max(counts)}"
            f" | {kept / max(relevant, 1):.1%} |"
        )


if __name__ == "__main__":
    folders = [Path(each) for each in sys.argv[1:]] or sorted(COLLECTIONS.iterdir())
    for folder in folders:
        measure(folder)
