"""Embedding spaces: which one searches use, and the index that each has for itself."""

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from documents.encoder import Identity
from documents.models import Chunk, Document, Space, Vector

# halfvec can be indexed up to this many dimensions; a larger space is searched exactly.
MOST_INDEXED_DIMENSIONS = 4000
# Below this many vectors an exact scan is as fast as the index, and never wrong.
INDEX_FROM = 10_000


def live() -> Space | None:
    """The space that searches use, if any document was ever embedded."""
    return Space.objects.filter(live=True).first()


def row(identity: Identity) -> Space:
    """The row of a model's space, made when there is none; equal weights have one, by any name."""
    for space in Space.objects.filter(revision=identity.revision).order_by("pk"):
        if is_of(space, identity):
            return space
    return Space.objects.get_or_create(**identity.fields())[0]


def is_of(space: Space, identity: Identity) -> bool:
    """Whether vectors of this model may be compared with those of the space.

    The name is not asked: the same weights may be known as a folder, a package or a hub id.
    """
    own = identity.fields()
    return all(getattr(space, name) == own[name] for name in own if name != "model")


def make_live_if_none(space: Space) -> Space:
    """Let searches use `space` unless they use another; returns the one they use."""
    try:
        with transaction.atomic():
            if not Space.objects.filter(live=True).exists():
                Space.objects.filter(pk=space.pk).update(live=True)
    except IntegrityError:  # another process was first
        pass
    return Space.objects.get(live=True)


def switch(space: Space) -> None:
    """Let searches use `space` from now on, and drop the vectors of the one they used before."""
    ensure_index(space)
    with transaction.atomic():
        old = list(Space.objects.select_for_update().filter(live=True).exclude(pk=space.pk))
        Space.objects.filter(pk__in=[one.pk for one in old]).update(live=False)
        Space.objects.filter(pk=space.pk).update(live=True)
    for one in old:
        drop(one)


def drop(space: Space) -> None:
    """Forget a space that searches do not use, with its vectors and its index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {index_name(space)}")
    Vector.objects.filter(space=space)._raw_delete("default")
    space.delete()


def index_name(space: Space) -> str:
    return f"documents_vector_space_{int(space.pk)}"


def has_index(space: Space) -> bool:
    """Whether the space's index is there and whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass(%s)",
            [index_name(space)],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def ensure_index(space: Space) -> bool:
    """Build the space's HNSW index once it holds enough vectors to need one. True when built.

    The index covers `vector::halfvec(d)` by cosine where `space_id` is the space's. Until then
    ingestion does not pay for it, and an exact scan is as fast. It is built concurrently, so call
    it outside a transaction; neither ingestion nor search waits for it.
    """
    if space.dimensions > MOST_INDEXED_DIMENSIONS:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM documents_vector WHERE space_id = %s LIMIT %s) v",
            [space.pk, INDEX_FROM],
        )
        if cursor.fetchone()[0] < INDEX_FROM or has_index(space):
            return False
        cursor.execute(f"DROP INDEX IF EXISTS {index_name(space)}")  # an interrupted build
        cursor.execute(
            f"CREATE INDEX CONCURRENTLY {index_name(space)} ON documents_vector"
            f" USING hnsw ((vector::halfvec({int(space.dimensions)})) halfvec_cosine_ops)"
            f" WITH (m = 16, ef_construction = 100) WHERE space_id = {int(space.pk)}"
        )
    return True


def missing(space: Space) -> int:
    """How many passages that searches see have no vector in `space` yet.

    Those of failed documents are not waited for: their words are still found.
    """
    seen = Chunk.objects.filter(version=F("document__version"), document__version__gt=0).exclude(
        document__state=Document.State.FAILED
    )
    return seen.exclude(pk__in=Vector.objects.filter(space=space).values("chunk")).count()
