"""The documents that are ticked in a list."""

from uuid import UUID

MOST_TICKED = 1000


def document_ids_in(values: list[str]) -> list[UUID]:
    """The ids among the values of a form, MOST_TICKED at most; anything else is passed over."""
    return [UUID(value) for value in values[:MOST_TICKED] if _is_uuid(value)]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
