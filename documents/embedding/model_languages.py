"""The languages that a model was made for, as its card declares them."""

from collections.abc import Iterable
from pathlib import Path

CARD = "README.md"
ALL = "multilingual"


def declared_languages(folder: str) -> frozenset[str]:
    """The codes in the card of the model in `folder`; none where it does not say, or reads all."""
    from huggingface_hub import metadata_load

    try:
        about = metadata_load(Path(folder) / CARD) or {}
    except (OSError, ValueError):  # no card, or one that cannot be read
        return frozenset()
    said = about.get("language") or ()
    return language_codes([said] if isinstance(said, str) else said)


def language_codes(names: Iterable[object]) -> frozenset[str]:
    """The first parts of language tags; none where one of them stands for all languages."""
    codes = frozenset(str(name).strip().lower().partition("-")[0] for name in names) - {""}
    return frozenset() if ALL in codes else codes
