"""Embedding spaces: which one searches use, and the HNSW index of each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from psycopg.errors import LockNotAvailable

from documents.inference.encoder import EmbeddingSpec
from documents.models import Document, EmbeddingSpace, Passage, PassageEmbedding

# halfvec can be indexed up to this many dimensions; a larger space is searched exactly.
MOST_INDEXED_DIMENSIONS = 4000
# Below this many vectors an exact scan is as fast as the index, and never wrong.
INDEX_FROM = 10_000
# The first of the two keys of the advisory lock under which a space's index is built.
BUILD_LOCK = 0x484E5357
# How long the deletion of an index waits for its readers.
LOCK_TIMEOUT = "5s"


def active_space() -> EmbeddingSpace | None:
    """The space that searches use, if any document was ever embedded."""
    return EmbeddingSpace.objects.filter(is_active=True).first()


def get_or_create_space(identity: EmbeddingSpec) -> EmbeddingSpace:
    """The row of a model's space, created on first use. Equal weights share one, by any name."""
    for space in EmbeddingSpace.objects.filter(revision=identity.revision).order_by("pk"):
        if space_matches(space, identity):
            return space
    return EmbeddingSpace.objects.get_or_create(**identity.fields())[0]


def space_matches(space: EmbeddingSpace, identity: EmbeddingSpec) -> bool:
    """Whether vectors of this model may be compared with those of the space.

    The name does not count: the same weights may be a folder, a package or a hub id.
    """
    own = identity.fields()
    return all(getattr(space, name) == own[name] for name in own if name != "model")


def activate_if_none(space: EmbeddingSpace) -> EmbeddingSpace:
    """Let searches use `space` unless they use another; returns the one they use."""
    try:
        with transaction.atomic():
            if not EmbeddingSpace.objects.filter(is_active=True).exists():
                EmbeddingSpace.objects.filter(pk=space.pk).update(is_active=True)
    except IntegrityError:  # another process was first
        pass
    return EmbeddingSpace.objects.get(is_active=True)


def switch_active_space(space: EmbeddingSpace) -> None:
    """Make `space` the active one, and drop the vectors of the one before."""
    ensure_hnsw_index(space)
    with transaction.atomic():
        old = list(
            EmbeddingSpace.objects.select_for_update().filter(is_active=True).exclude(pk=space.pk)
        )
        EmbeddingSpace.objects.filter(pk__in=[one.pk for one in old]).update(is_active=False)
        EmbeddingSpace.objects.filter(pk=space.pk).update(is_active=True)
    for one in old:
        drop_space(one)


def drop_space(space: EmbeddingSpace) -> None:
    """Delete an inactive space with its vectors and its index.

    Call it outside a transaction. An index that is in use stays, empty: no query names it.
    """
    _drop_index(space)
    PassageEmbedding.objects.filter(space=space)._raw_delete("default")
    space.delete()


def hnsw_index_name(space: EmbeddingSpace) -> str:
    return f"documents_passageembedding_space_{int(space.pk)}"


def has_hnsw_index(space: EmbeddingSpace) -> bool:
    """Whether the space has a valid index."""
    return bool(
        _one(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
            [hnsw_index_name(space)],
        )
    )


def ensure_hnsw_index(space: EmbeddingSpace) -> bool:
    """Build the space's HNSW index once it holds INDEX_FROM vectors. True when it was built.

    The index covers `embedding::halfvec(d)` by cosine where `space_id` is the space's. Below
    INDEX_FROM an exact scan is as fast, and ingestion is faster without the index. The build waits
    for older transactions, perhaps for hours, but neither ingestion nor search waits for the
    build. Call this outside a transaction. While one call builds, every other returns False.
    """
    if space.dimensions > MOST_INDEXED_DIMENSIONS or not _needs_index(space):
        return False
    with _build_lock(space) as ours:
        if not ours or _build_runs() or has_hnsw_index(space) or not _drop_index(space):
            return False
        # Not pgvector's HnswIndex: a migration cannot make an index for each space at run time.
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE INDEX CONCURRENTLY {hnsw_index_name(space)} ON documents_passageembedding"
                f" USING hnsw ((embedding::halfvec({int(space.dimensions)})) halfvec_cosine_ops)"
                f" WITH (m = 16, ef_construction = 100) WHERE space_id = {int(space.pk)}"
            )
    return True


def _needs_index(space: EmbeddingSpace) -> bool:
    held = _one(
        "SELECT count(*) FROM ("
        "SELECT 1 FROM documents_passageembedding WHERE space_id = %s LIMIT %s) v",
        [space.pk, INDEX_FROM],
    )
    return held >= INDEX_FROM and not has_hnsw_index(space)


@contextmanager
def _build_lock(space: EmbeddingSpace) -> Iterator[bool]:
    """Yields whether this session holds the lock for building the space's index.

    After a process is killed, its lock lasts until the server ends its build.
    """
    ours = _one("SELECT pg_try_advisory_lock(%s, %s)", [BUILD_LOCK, space.pk])
    try:
        yield ours
    finally:
        if ours:
            _one("SELECT pg_advisory_unlock(%s, %s)", [BUILD_LOCK, space.pk])


def _build_runs() -> bool:
    """Whether any session builds an index of vectors, also one of an administrator."""
    return bool(
        _one(
            "SELECT count(*) FROM pg_stat_progress_create_index"
            " WHERE datname = current_database() AND relid = 'documents_passageembedding'::regclass"
        )
    )


def _drop_index(space: EmbeddingSpace) -> bool:
    """Drop the space's index if it exists. False when it is in use: call again later.

    CONCURRENTLY, as searches would wait behind a plain DROP INDEX that waits for its lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {hnsw_index_name(space)}")
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                return False
            raise
        finally:
            cursor.execute("RESET lock_timeout")
    return True


def _one(sql: str, values: Sequence[Any] = ()) -> Any:
    """The first value of the first row; None where there is no row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    return found and found[0]


def count_missing_vectors(space: EmbeddingSpace) -> int:
    """The number of published passages without a vector in `space`.

    Passages of failed documents do not count: lexical search still finds them.
    """
    published = Document.objects.published().exclude(state=Document.State.FAILED)
    seen = Passage.objects.filter(
        document__in=published.order_by().values("pk"), version=F("document__version")
    )
    return seen.exclude(
        pk__in=PassageEmbedding.objects.filter(space=space).values("passage")
    ).count()
