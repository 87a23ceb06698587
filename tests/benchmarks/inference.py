"""int8 against torch in float32: a query, passages of 130 tokens, and reranking 20 of them.

The ratio is that of the shortest times, which come nearest to a machine left alone. Medians stand
beside them with the machine's load: torch's threads wait for each other within every layer, so
other work slows torch down more than int8 and flatters the ratio of medians (a query seemed 36 and
55 times as fast where it is 5). `--quality` adds the effect on nDCG@10 over whole documents.
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

ROUNDS = 12
TOKENS = 130
PASSAGES = 64
RERANKED = 20
QUERY = "aerodynamic heating of slender wings at hypersonic speed"


def main() -> None:
    import torch

    from documents.embedding import model_files
    from documents.embedding.loader import open_cross_encoder, open_encoder
    from documents.inference import session
    from documents.inference.encoder import Encoder
    from tests import tiny_models

    with tempfile.TemporaryDirectory() as folder:
        kept_in = Path(folder) / "kept"
        path = model_files.locate_model(tiny_models.DEFAULT)
        started = time.perf_counter()
        fast: Any = open_encoder("benchmark", path, "int8", kept_in)
        print(f"made the int8 form in {time.perf_counter() - started:.0f} s")
        exact = Encoder("benchmark", path)
        pairs = tiny_models.untaught_cross_encoder(Path(folder) / "cross")
        fast_pairs = open_cross_encoder(str(pairs), "int8", kept_in)
        exact_pairs = open_cross_encoder(str(pairs), "torch", kept_in)
    print(
        f"{session.core_count()} cores, torch {torch.__version__} with "
        f"{torch.get_num_threads()} threads"
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
    title = f"shortest of {ROUNDS} (median)"
    print(f"{title:32}{'torch ms':>18}{'int8 ms':>18}{'ratio':>8}  load")
    for name, slow, quick in lines:
        was, now = compared(slow, quick)
        print(f"{name:32}{shown(was):>18}{shown(now):>18}{min(was) / min(now):7.2f}x"
              f"{os.getloadavg()[0]:6.1f}", flush=True)  # fmt: skip
    if "--quality" in sys.argv:
        from tests.benchmarks import _quality

        _quality.compare(exact, fast)


def compared(slow: Callable[[], Any], quick: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """Milliseconds of each in every round."""
    took: tuple[list[float], list[float]] = ([], [])
    for work in (slow, quick):
        work()
    for _ in range(ROUNDS):
        for work, times in zip((slow, quick), took, strict=True):
            started = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - started))
    return took


def shown(times: Sequence[float]) -> str:
    return f"{min(times):.1f} ({median(times):.1f})"


def batched(encoder: Any, texts: Sequence[str]) -> None:
    """As the product does it: 32 at a time."""
    for first in range(0, len(texts), 32):
        encoder.encode(texts[first : first + 32], "passage")


def late(encoder: Any, texts: Sequence[str]) -> None:
    from documents.embedding.registry import Embedder, batcher_of
    from retrieval import late_interaction
    from retrieval.rerankers.token_vectors import token_embeddings_of

    model = Embedder(encoder, batcher_of(encoder))
    asked, *found = token_embeddings_of(model, [QUERY, *texts])
    for passage in found:
        late_interaction.maxsim_score(asked, passage)


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
