"""BM25 side by side with rank_bm25, in one process and on one thread.

    python -m tests.benchmarks.lexical [PASSAGES ...]

A seeded corpus of short passages whose words follow Zipf's law; a query has words of one passage,
drawn evenly from its distinct words. Prints one line per size with the p50 of both and the ratio;
then what a query costs as the product asks it: compiled to weighted terms, with the words as they
are typed, for documents; then what a search costs a caller who may see a tenth, half or nine tenths
of the passages, whose scores are counted over these alone; before that how long the snapshot takes
to open and what memory one and four processes that opened it use.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "numba-cache"))

from rank_bm25 import BM25Okapi  # noqa: E402

from retrieval.hits import DocumentEntry, PassageEntry  # noqa: E402
from retrieval.lexical import BM25Index, VisibleStats, warm_up  # noqa: E402

LANGUAGE = "und"  # without stop words and a stemmer
VOCABULARY = 200_000
QUERY_WORDS = (2, 3, 4, 5)
COLLECTIONS = 10  # that the passages are dealt out to by lot
ROUNDS = 7
Way = tuple[np.ndarray | None, VisibleStats | None]  # the mask, and what words are weighed by
# A process that opens a snapshot, searches, says so, and waits to be measured.
READER = """
import json, sys, time
from retrieval.lexical import BM25Index, warm_up
folder, queries = sys.argv[1], json.loads(sys.argv[2])
warm_up()
print("memory", flush=True); sys.stdin.readline()
start = time.perf_counter(); index = BM25Index.open(folder); opening = time.perf_counter() - start
start = time.perf_counter(); index.search(queries[0], 100); first = time.perf_counter() - start
for query in queries:
    index.search(query, 100)
print(json.dumps([opening, first]), flush=True)
sys.stdin.readline()
"""


def corpus(passages: int, seed: int = 7) -> list[list[str]]:
    """`passages` lists of 8 to 24 words, word r with a probability in proportion to 1 / (r + 3)."""
    random = np.random.default_rng(seed)
    lengths = random.integers(8, 25, passages)
    weights = np.cumsum(1 / (np.arange(VOCABULARY) + 3))
    drawn = np.searchsorted(weights, random.random(lengths.sum()) * weights[-1])
    names = [f"{LANGUAGE}:{word_of(rank)}" for rank in range(VOCABULARY)]
    words = [names[rank] for rank in drawn.tolist()]
    ends = np.cumsum(lengths).tolist()
    return [words[end - length : end] for end, length in zip(ends, lengths.tolist(), strict=True)]


def word_of(rank: int) -> str:
    """A word of letters alone, as no analysis takes it apart."""
    letters = ""
    while rank >= 0:
        rank, letter = divmod(rank, 26)
        letters, rank = chr(ord("a") + letter) + letters, rank - 1
    return f"x{letters}"


def entry_of(number: int, terms: list[str]) -> PassageEntry:
    """A passage with its terms and, as in the product, each of its words with its position."""
    words = [term.partition(":")[2] for term in terms]
    places = [(word, at, 1) for at, word in enumerate(words)]
    return PassageEntry(number, terms, words, places, own_words=len(words))


def queries_of(texts: list[list[str]], count: int, seed: int = 11) -> list[list[str]]:
    """Queries of two to five distinct words of a passage; the ten commonest are stop words."""
    random = np.random.default_rng(seed)
    stopped = {f"{LANGUAGE}:{word_of(rank)}" for rank in range(10)}
    found: list[list[str]] = []
    while len(found) < count:
        words = sorted(set(texts[random.integers(len(texts))]) - stopped)
        size = min(int(random.choice(QUERY_WORDS)), len(words))
        if size:
            found.append(random.choice(words, size, replace=False).tolist())
    return found


def p50(call, queries: list[list[str]]) -> float:
    """The median time of a call, in milliseconds."""
    times = []
    for query in queries:
        start = time.perf_counter()
        call(query)
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000


def compare(passages: int, count: int) -> None:
    texts = corpus(passages)
    queries = queries_of(texts, count)
    start, cpu = time.perf_counter(), time.process_time()
    owners = np.random.default_rng(3).integers(0, COLLECTIONS, passages).tolist()
    index = BM25Index.build(
        (DocumentEntry(str(n), {"collection": owner}), [entry_of(n, words)])
        for n, (words, owner) in enumerate(zip(texts, owners, strict=True))
    )
    building = time.perf_counter() - start, time.process_time() - cpu
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        index.save(Path(folder) / "snapshot", 0)
        saving = time.perf_counter() - start
        memory(Path(folder) / "snapshot", queries)
        opened = BM25Index.open(Path(folder) / "snapshot")
        peer = BM25Okapi(texts)
        for query in queries[:3]:
            np.testing.assert_allclose(opened.get_scores(query), peer.get_scores(query), rtol=1e-9)
        report(passages, opened, peer, queries)
        report_compiled(opened, queries)
        report_visible(opened, queries)
    print(
        f"  built in {building[0]:.1f} s ({building[1]:.1f} s of CPU), saved in {saving:.1f} s, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def report(passages: int, index: BM25Index, peer: BM25Okapi, queries: list[list[str]]) -> None:
    """The same queries for both, each in a loop of its own after one pass to warm up.

    Also ours when the other has swept the caches before every query: the least favourable order.
    """

    def search(query: list[str]) -> None:
        index.search(query, 100)

    p50(search, queries)
    ours, theirs = p50(search, queries), p50(peer.get_scores, queries)
    swept = []
    for query in queries:
        peer.get_scores(query[:1])
        swept.append(p50(search, [query]))
    half = np.arange(len(index.mask())) % 2 == 0
    print(
        f"BM25 {passages:>7,} passages  search p50 {ours:.3f} ms  rank_bm25 get_scores p50 "
        f"{theirs:.1f} ms  {theirs / ours:.0f}x"
    )
    print(
        f"  {len(queries)} queries; caches swept before each {np.median(swept):.3f} ms "
        f"({theirs / np.median(swept):.0f}x); all scores (get_scores) "
        f"{p50(index.get_scores, queries):.2f} ms; half the passages masked "
        f"{p50(lambda query: index.search(query, 100, half), queries):.3f} ms"
    )


def report_compiled(index: BM25Index, queries: list[list[str]]) -> None:
    """Queries as typed, compiled and asked for documents, against stems alone for passages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
    import django

    django.setup()
    from retrieval.query.terms import query_terms
    from retrieval.query.word_index import WordIndex

    known = WordIndex(index, index.visible({}))
    typed = {
        " ".join(term.partition(":")[2] for term in query): query
        for query in queries
    }  # fmt: skip
    compiled = {text: query_terms(text, [LANGUAGE], known).search for text in typed}
    ways = {
        "stems alone, passages": lambda text: index.search(typed[text], 100),
        "compiling": lambda text: query_terms(text, [LANGUAGE], known),
        "compiled, passages": lambda text: index.search(compiled[text], 100),
        "compiled, documents": lambda text: index.search_documents(compiled[text], 100),
    }
    taken = {name: np.median([quickest(way, text) for text in typed]) for name, way in ways.items()}
    first, *_ = taken.values()
    for name, took in taken.items():
        print(f"  {name:45} p50 {took:.3f} ms  {took / first:.2f}x")


def quickest(call: Callable[[str], object], text: str) -> float:
    """The shortest time of some rounds, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call(text)
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken)


def report_visible(index: BM25Index, queries: list[list[str]]) -> None:
    """Every way of searching in turn, query by query, as other work on the machine then hits all
    alike: the median over queries of the shortest of some rounds, also as a share of the unmasked.
    """
    ways: dict[str, Way] = {"everything visible": (None, None)}
    for tenths in (1, 5, 9):
        seen = index.visible({"collection": range(tenths)})
        ways[f"{tenths}0 % allowed"] = (seen.mask, None)
        ways[f"{tenths}0 % visible, first query for the words"] = (seen.mask, seen)
        ways[f"{tenths}0 % visible, later ones"] = (seen.mask, seen)
    taken_by_query = [[shortest(index, query, *way) for way in ways.items()] for query in queries]
    whole, *_ = np.median(taken_by_query, axis=0)
    for name, taken in zip(ways, np.transpose(taken_by_query), strict=True):
        print(f"  {name:45} p50 {np.median(taken):.3f} ms  {np.median(taken) / whole:.2f}x")
    for tenths in (1, 5, 9):
        seen = index.visible({"collection": range(tenths)})
        start = time.perf_counter()
        value = seen.average_idf
        took = 1000 * (time.perf_counter() - start)
        print(f"  average idf of {tenths}0 %: {value:.2f}, counted in {took:.1f} ms")


def shortest(index: BM25Index, query: list[str], name: str, way: Way) -> float:
    """In milliseconds."""
    allowed, visible = way
    taken = []
    for _ in range(ROUNDS):
        if visible and "first" in name:
            visible._df.clear()
        start = time.perf_counter()
        index.search(query, 100, allowed, visible)
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken)


def memory(folder: Path, queries: list[list[str]]) -> None:
    """What readers of one snapshot add to their memory by opening and searching it."""
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"  snapshot {size / 2**20:.0f} MiB on disk")
    for count in (1, 4):
        readers = [_reader(folder, queries) for _ in range(count)]
        before = [_usage(reader.pid) for reader in readers]
        timings = [_go_on(reader) for reader in readers]
        after = [_usage(reader.pid) for reader in readers]
        for reader in readers:
            reader.communicate("\n")
        grown = np.array(after) - np.array(before)
        print(
            f"  {count} process(es): opened in {max(t[0] for t in timings) * 1000:.0f} ms, first "
            f"search {max(t[1] for t in timings) * 1000:.0f} ms; added PSS in all "
            f"{grown[:, 0].sum():.0f} MiB; for each, private {grown[:, 1].mean():.0f} MiB, "
            f"shared {grown[:, 2].mean():.0f} MiB"
        )


def _reader(folder: Path, queries: list[list[str]]) -> "subprocess.Popen[str]":
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(folder), json.dumps(queries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    reader.stdout.readline()
    return reader


def _go_on(reader: "subprocess.Popen[str]") -> list[float]:
    reader.stdin.write("\n")
    reader.stdin.flush()
    return json.loads(reader.stdout.readline())


def _usage(pid: int) -> tuple[float, float, float]:
    """PSS, private memory, and mapped file pages (shared by whoever maps them), in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: float(rest.split()[0]) for name, _, rest in (x.partition(":") for x in lines)}
    private = kib["Private_Dirty"]
    return kib["Pss"] / 1024, private / 1024, (kib["Rss"] - private) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", nargs="*", type=int, default=[100_000, 600_000])
    parser.add_argument("--queries", type=int, default=40)
    options = parser.parse_args()
    warm_up()
    for passages in options.passages:
        compare(passages, options.queries)
