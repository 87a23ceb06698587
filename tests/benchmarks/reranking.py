"""Late interaction by stored token vectors against reading passages anew, and what storing costs.

Real passages of 130 tokens. Each line has the shortest and the median of the rounds, in
milliseconds, and the ratio of the shortest ones.
"""

import os
import tempfile
from collections.abc import Callable
from typing import Any

from tests.benchmarks.inference import QUERY, compared, passages, shown

STORED = 100
READ = 20


def main() -> None:
    from documents.embedding import configured_model
    from documents.embedding.projections import SHIPPED
    from documents.inference.token_vectors import TokenProjection, compress
    from retrieval import late_interaction
    from retrieval.rerankers.token_vectors import token_embeddings_of

    model: Any = configured_model()
    file = SHIPPED / f"{model.encoder.identity.model.rpartition('/')[2]}.bin"
    projection = TokenProjection.from_bytes(file.read_bytes(), model.dimensions)
    texts = passages(model.encoder)
    stored = [compress(one.tokens, projection) for one in model.embed_tokens(texts)]
    hundred = [stored[at % len(stored)] for at in range(STORED)]
    asked = token_embeddings_of(model, [QUERY])[0]

    def read() -> None:
        query, *found = token_embeddings_of(model, [QUERY, *texts[:READ]])
        for passage in found:
            late_interaction.maxsim_score(query, passage)

    def keep() -> None:
        for one in model.embed_tokens(texts):
            compress(one.tokens, projection)

    print(f"{sum(map(len, stored)) / len(stored):.0f} bytes a passage of 130 tokens")
    lines: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        (
            f"read {READ} anew / score {STORED} stored",
            read,
            lambda: late_interaction.compressed_scores(asked, hundred, projection),
        ),
        (f"embed {len(texts)} and store / embed", keep, lambda: model.embed(texts, "passage")),
    ]
    for name, slow, quick in lines:
        was, now = compared(slow, quick)
        print(f"{name:36}{shown(was):>18}{shown(now):>18}{min(was) / min(now):7.2f}x", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "search_project.settings"}
        import django

        django.setup()
        main()
