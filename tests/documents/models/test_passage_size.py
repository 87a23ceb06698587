"""How passages are cut: what a collection leaves open follows the settings."""

from typing import Any

import pytest

from documents.models import Collection
from documents.models.passage_size import PassageSize


@pytest.mark.parametrize(
    ("tokens", "overlap", "effective"),
    [
        (None, None, PassageSize(200, 20)),
        (100, None, PassageSize(100, 20)),
        (100, 0, PassageSize(100, 0)),
        (100, 50, PassageSize(100, 50)),
        (30, None, PassageSize(30, 15)),  # not 20, which is more than half
        (None, 120, PassageSize(200, 100)),  # the settings were others when it was saved
    ],
)
def test_what_is_left_open_follows_the_settings(
    settings: Any, tokens: int | None, overlap: int | None, effective: PassageSize
) -> None:
    settings.CHUNK_TOKENS, settings.CHUNK_OVERLAP = 200, 20
    assert Collection(chunk_tokens=tokens, chunk_overlap=overlap).passage_size == effective
