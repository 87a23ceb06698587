"""Exported judgements of users, as a collection to evaluate on."""

from pathlib import Path

from retrieval.evaluation.datasets.beir import DatasetError, Qrels, read_qrels, read_queries


def read_judgements(path: Path) -> tuple[dict[str, str], Qrels]:
    """Queries by id, and their judgements, from the output of `export_judgements`.

    `path` is its folder or the file of judgements in it. Without a queries.jsonl, the first column
    of the judgements is the query itself. Raises DatasetError.
    """
    file = path / "qrels" / "test.tsv" if path.is_dir() else path
    qrels = read_qrels(file)
    listed = file.parent.parent / "queries.jsonl"
    texts = read_queries(listed) if listed.is_file() else {query: query for query in qrels}
    judged = {
        query: texts[query]
        for query, documents in qrels.items()
        if query in texts and max(documents.values()) > 0
    }
    if not judged:
        raise DatasetError(f"{file}: no query has a document judged relevant.")
    return judged, {query: qrels[query] for query in judged}
