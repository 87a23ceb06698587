"""Reading the change log in order, one batch at a time."""

from uuid import UUID

from documents.models import ChangeLogEntry

CHANGES_AT_ONCE = 1_000


def newest_change() -> int:
    """The number of the newest change, 0 without any."""
    return ChangeLogEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def changes_after(position: int) -> list[tuple[int, UUID]]:
    """The next changes, each a number and a document, CHANGES_AT_ONCE at most."""
    after = ChangeLogEntry.objects.filter(id__gt=position).order_by("id")
    return list(after.values_list("id", "document_id")[:CHANGES_AT_ONCE])


def reaches(position: int, begun_at: int) -> bool:
    """Whether an index at `position` that began at `begun_at` can follow the log.

    It cannot if the log has lost a deletion since then, or if the log ends before `position`, as
    in a database that was restored from a backup.
    """
    since = ChangeLogEntry.objects.filter(id__gt=max(position, begun_at))
    forgotten = since.filter(kind=ChangeLogEntry.Kind.TRUNCATED).exists()
    return not forgotten and newest_change() >= position
