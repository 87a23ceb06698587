"""Collections, documents, their passages and vectors, and the log of what was published."""

import uuid

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from pgvector.django import VectorField

from documents.metadata import LONGEST_KEY, MOST_FACETS, check_facets, year_of
from documents.querysets import CollectionQuerySet, DocumentQuerySet


class Collection(models.Model):
    """A set of documents with one language, one audience and one way of being cut."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public: anyone, also without signing in"
        INTERNAL = "internal", "Internal: any signed-in user"
        RESTRICTED = "restricted", "Restricted: the members listed"

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    language = models.CharField(max_length=10, default="en")
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )
    chunk_tokens = models.PositiveIntegerField(null=True, blank=True)
    chunk_overlap = models.PositiveIntegerField(null=True, blank=True)
    facets = ArrayField(
        models.CharField(max_length=LONGEST_KEY),
        size=MOST_FACETS,
        default=list,
        blank=True,
        validators=[check_facets],
        help_text="Fields of the documents' metadata to narrow searches by, with commas between: "
        "author,department",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """One user or one group that a restricted collection lists."""

    class Role(models.TextChoices):
        READER = "reader", "Reader"
        WRITER = "writer", "Writer"

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.READER)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(group__isnull=True),
                name="member_is_one_user_or_one_group",
                violation_error_message="Choose either a user or a group.",
            ),
            models.UniqueConstraint(fields=["collection", "user"], name="user_is_listed_once"),
            models.UniqueConstraint(fields=["collection", "group"], name="group_is_listed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group} ({self.role})"


class Document(models.Model):
    """One original and where it stands on its way into the index.

    `version` is the version that searches see, 0 before the first is published. `key` is what
    makes it the same document when it is sent again: the hash of its bytes, unless named. `claim`
    names the one worker that may write for it, until `lease_until`. `dated` is the date that the
    content gives itself; `year` follows from it and the metadata by itself.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        EXTRACTING = "extracting", "Extracting text"
        EMBEDDING = "embedding", "Embedding"
        INDEXED = "indexed", "Indexed"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="documents")
    key = models.CharField(max_length=200, editable=False)
    title = models.CharField(max_length=500)
    source = models.CharField(max_length=2000, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(max_length=64, editable=False, db_index=True)
    mime = models.CharField(max_length=150, blank=True)
    type = models.CharField(max_length=20, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=10, default="en")
    metadata = models.JSONField(default=dict, blank=True)
    dated = models.DateField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    chunks_done = models.PositiveIntegerField(default=0)
    chunks_total = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    indexed_at = models.DateTimeField(null=True, blank=True)
    year = models.GeneratedField(
        expression=year_of(), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "key"], name="one_document_for_a_key")
        ]
        indexes = [
            models.Index(
                fields=["state", "queued_at"],
                condition=~Q(state__in=("indexed", "failed")),
                name="documents_unfinished",
            ),
            GinIndex(SearchVector("title", config="simple"), name="documents_title_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])


class Extraction(models.Model):
    """The text of one version. Offsets into it, here and in chunks, count Unicode code points.

    `pages` holds the offset at which each page starts, or nothing where the format has none;
    `headings` holds `{"start": offset, "level": 1, "title": "..."}` in order.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="extractions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    pages = models.JSONField(default=list)
    headings = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_text_for_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} version {self.version}"


class Chunk(models.Model):
    """One passage of one version: `text` is `extraction.text[start:end]`.

    Searches see it while its version is its document's.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="chunks")
    version = models.PositiveIntegerField()
    ordinal = models.PositiveIntegerField()
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    headings = models.JSONField(default=list)

    class Meta:
        ordering = ["document", "version", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "version", "ordinal"], name="one_chunk_for_a_place"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Space(models.Model):
    """Everything that must be equal for two vectors to be comparable."""

    model = models.CharField(max_length=500)
    revision = models.CharField(max_length=64)
    pooling = models.CharField(max_length=20)
    prompts = models.JSONField(default=dict)
    dimensions = models.PositiveIntegerField()
    precision = models.CharField(max_length=20)
    live = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "revision", "pooling", "prompts", "dimensions", "precision"],
                name="one_space_for_one_model",
            ),
            models.UniqueConstraint(fields=["live"], condition=Q(live=True), name="one_live_space"),
        ]

    def __str__(self) -> str:
        return f"{self.model} ({self.dimensions})"


class Vector(models.Model):
    """A chunk's place in a space; each space has its own partial HNSW index over halfvec."""

    chunk = models.ForeignKey(Chunk, models.CASCADE, related_name="vectors")
    space = models.ForeignKey(Space, models.CASCADE)
    vector = VectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chunk", "space"], name="one_vector_in_a_space")
        ]

    def __str__(self) -> str:
        return f"{self.chunk_id} in {self.space_id}"


class Change(models.Model):
    """What retrieval follows: a numbered row for every publication and deletion.

    Rows are written under an advisory lock that is held until commit, so numbers become visible in
    order and a follower never passes a gap that fills later.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published"
        DELETED = "deleted"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    document_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.id}: {self.kind} {self.document_id}"


class ApiToken(models.Model):
    """A bearer token: only its digest is kept, so it can be shown once and never again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=8, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name or 'token'} ({self.prefix}…)"
