"""What int8 does to the ranking: nDCG@10 of the vectors alone, one for each document."""

from typing import Any

from tests.benchmarks._data import COLLECTIONS


def compare(exact: Any, fast: Any) -> None:
    """Print it for Cranfield and CACM, with the paired-bootstrap interval of the difference."""
    from retrieval.evaluation.datasets import beir
    from retrieval.evaluation.statistics import bootstrap, metrics

    for name in ("cranfield", "cacm"):
        dataset = beir.load_dataset(COLLECTIONS / name)
        values = [metrics.per_query(dataset.qrels, ranked(e, dataset)) for e in (exact, fast)]
        was, now = ([*each["nDCG@10"].values()] for each in values)
        (change,) = bootstrap.paired_differences([was, now])
        print(f"{name:10} nDCG@10 float {sum(was) / len(was):.4f}, int8 {change.mean:+.4f} "
              f"[{change.low:+.4f}, {change.high:+.4f}]", flush=True)  # fmt: skip


def ranked(encoder: Any, dataset: Any) -> dict[str, list[str]]:
    import numpy as np

    documents = list(dataset.documents())
    texts = [f"{d.title}\n{d.text}".strip() for d in documents]
    order = np.argsort([len(text) for text in texts])
    rows = np.zeros((len(texts), encoder.identity.dimensions), np.float32)
    for first in range(0, len(texts), 32):
        batch = order[first : first + 32]
        rows[batch] = encoder.encode([texts[at] for at in batch], "passage")
    asked = encoder.encode(list(dataset.queries.values()), "query")
    best = np.argsort(-(asked @ rows.T), axis=1, kind="stable")[:, :100]
    return {
        query: [documents[at].id for at in row]
        for query, row in zip(dataset.queries, best, strict=True)
    }
