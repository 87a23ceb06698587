"""Embedding spaces: which one searches use, and the index that each has for itself."""

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from documents.encoder import Identity
from documents.models import Chunk, Space, Vector

# halfvec can be indexed up to this many dimensions; a larger space is searched exactly.
MOST_INDEXED_DIMENSIONS = 4000


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
                create_index(space)
    except IntegrityError:  # another process was first
        pass
    return Space.objects.get(live=True)


def switch(space: Space) -> None:
    """Let searches use `space` from now on, and drop the vectors of the one they used before."""
    create_index(space)
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


def create_index(space: Space) -> None:
    """The space's own HNSW index: `vector::halfvec(d)` by cosine, where `space_id` is its id."""
    if space.dimensions > MOST_INDEXED_DIMENSIONS:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {index_name(space)} ON documents_vector "
            f"USING hnsw ((vector::halfvec({int(space.dimensions)})) halfvec_cosine_ops) "
            f"WHERE space_id = {int(space.pk)}"
        )


def missing(space: Space) -> int:
    """How many passages that searches see have no vector in `space` yet."""
    seen = Chunk.objects.filter(version=F("document__version"), document__version__gt=0)
    return seen.exclude(pk__in=Vector.objects.filter(space=space).values("chunk")).count()
