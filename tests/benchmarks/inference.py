"""int8 against torch in float32: a query, passages of 130 tokens, and reranking 20 of them.

Each round runs both, one after the other, so that what else the machine does falls on both alike;
the ratio is that of the medians. `--quality` adds the effect on nDCG@10 over whole documents.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks._data import COLLECTIONS

ROUNDS = 7
TOKENS = 130
PASSAGES = 64
RERANKED = 20
QUERY = "aerodynamic heating of slender wings at hypersonic speed"


def main() -> None:
    import torch

    from documents import model_files
    from documents.encoder import Encoder
    from documents.inference import session
    from documents.inference.opening import open_cross_encoder, open_encoder
    from tests import tiny_models

    with tempfile.TemporaryDirectory() as folder:
        kept_in = Path(folder) / "kept"
        path = model_files.locate(tiny_models.DEFAULT)
        started = time.perf_counter()
        fast: Any = open_encoder("benchmark", path, "int8", kept_in)
        print(f"made the int8 form in {time.perf_counter() - started:.0f} s")
        exact = Encoder("benchmark", path)
        pairs = tiny_models.untaught_cross_encoder(Path(folder) / "cross")
        fast_pairs = open_cross_encoder(str(pairs), "int8", kept_in)
        exact_pairs = open_cross_encoder(str(pairs), "torch", kept_in)
    print(
        f"{session.cores()} cores, torch {torch.__version__} with {torch.get_num_threads()} threads"
    )
    texts = passages(exact)
    few = texts[:RERANKED]
    lines: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        ("embed a query", lambda: exact.encode([QUERY], "query"),
         lambda: fast.encode([QUERY], "query")),
        (f"embed {PASSAGES} passages", lambda: batched(exact, texts),
         lambda: batched(fast, texts)),
        (f"rerank {RERANKED}, cross-encoder", lambda: exact_pairs.score(QUERY, few),
         lambda: fast_pairs.score(QUERY, few)),
        (f"rerank {RERANKED}, late interaction", lambda: late(exact, few),
         lambda: late(fast, few)),
    ]  # fmt: skip
    print(f"{'median of ' + str(ROUNDS) + ' rounds':34}{'torch ms':>10}{'int8 ms':>10}{'ratio':>8}")
    for name, slow, quick in lines:
        was, now = compared(slow, quick)
        print(f"{name:34}{was:10.1f}{now:10.1f}{was / now:7.2f}x", flush=True)
    if "--quality" in sys.argv:
        from tests.benchmarks import _quality

        _quality.compare(exact, fast)


def compared(slow: Callable[[], Any], quick: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of each, the median over rounds that run both."""
    took: tuple[list[float], list[float]] = ([], [])
    for work in (slow, quick):
        work()
    for _ in range(ROUNDS):
        for work, times in zip((slow, quick), took, strict=True):
            started = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - started))
    return median(took[0]), median(took[1])


def batched(encoder: Any, texts: Sequence[str]) -> None:
    """As the product does it: 32 at a time."""
    for first in range(0, len(texts), 32):
        encoder.encode(texts[first : first + 32], "passage")


def late(encoder: Any, texts: Sequence[str]) -> None:
    from documents.batching import Batcher
    from documents.embedding import Embedder
    from retrieval import late_interaction
    from retrieval.reading import read

    model = Embedder(encoder, Batcher(encoder.encode, encoder.lengths))
    asked, *found = read(model, [QUERY, *texts])
    for passage in found:
        late_interaction.score(asked, passage)


def passages(encoder: Any) -> list[str]:
    """Real text in pieces of 100 to 130 tokens."""
    import json

    found: list[str] = []
    with (COLLECTIONS / "cranfield/corpus.jsonl").open(encoding="utf-8") as rows:
        for row in rows:
            text = json.loads(row)["text"]
            spans = encoder.tokenizer.encode(text, add_special_tokens=False).offsets
            if len(spans) >= TOKENS:
                length = TOKENS - 30 * (len(found) % 7 == 0)
                found.append(text[: spans[length - 3][1]])
            if len(found) == PASSAGES:
                return found
    raise SystemExit("cranfield has too few passages of that length.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "search_project.settings"}
        import django

        django.setup()
        main()
