"""The principal components of token vectors that the product ships for its default model.

    python -m tests.benchmarks._token_components FILE

fits them to 1,500 passages of textbooks (`$BENCH_DATA/reranker-training/passages.jsonl.gz`), which
no evaluation uses, and writes them to FILE (documents/embedding/token_components/).
"""

import os
import random
import sys
from pathlib import Path

import numpy as np

from tests.benchmarks._data import textbook_passages

PASSAGES = 1500
SEED = 1


def main(file: Path) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
    django.setup()
    from documents.embedding import configured_model
    from documents.inference.token_vectors import fit_projection

    sample = random.Random(SEED).sample(textbook_passages(), PASSAGES)
    rows = np.concatenate([one.tokens for one in configured_model().embed_tokens(sample)])
    file.write_bytes(fit_projection(rows).to_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
