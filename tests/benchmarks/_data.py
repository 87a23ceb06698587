"""Where the public data are."""

import gzip
import json
import os
from pathlib import Path

DATA = Path(os.environ.get("BENCH_DATA", "../shared/data"))
COLLECTIONS = DATA / "collections"


def textbook_passages() -> list[str]:
    """The texts of passages of textbooks that no evaluation uses."""
    with gzip.open(
        DATA / "reranker-training" / "passages.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        return [json.loads(line)["text"] for line in file]
