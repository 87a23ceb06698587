"""The results of ingestion: texts, passages, embeddings, and the change log."""

from django.db import models
from django.db.models import Q
from pgvector.django import VectorField

from documents.models.documents import Document


class Extraction(models.Model):
    """The text of one version. Offsets into it, here and in passages, count Unicode code points.

    `pages` holds the offset at which each page starts; it is empty for formats without pages.
    `headings` holds `{"start": offset, "level": 1, "title": "..."}` in order; `blocks` and `marks`
    hold the structure as `documents.extracted_text` describes it, in version `blocks_version`.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="extractions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    pages = models.JSONField(default=list)
    headings = models.JSONField(default=list)
    blocks = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    blocks_version = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "version"], name="uniq_extraction_document_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} version {self.version}"


class Passage(models.Model):
    """One passage of one version: `text` is `extraction.text[start:end]`.

    Searches see it while its version is its document's.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="passages")
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
                fields=["document", "version", "ordinal"],
                name="uniq_passage_document_version_ordinal",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class EmbeddingSpace(models.Model):
    """Everything that must be equal for two vectors to be comparable."""

    model = models.CharField(max_length=500)
    revision = models.CharField(max_length=64)
    pooling = models.CharField(max_length=20)
    prompts = models.JSONField(default=dict)
    dimensions = models.PositiveIntegerField()
    precision = models.CharField(max_length=20)
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "revision", "pooling", "prompts", "dimensions", "precision"],
                name="uniq_embedding_space_model",
            ),
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="uniq_active_embedding_space",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} ({self.dimensions})"


class TokenComponents(models.Model):
    """The projection of a space's token vectors, chosen once: vectors of two are not comparable."""

    space = models.OneToOneField(EmbeddingSpace, models.CASCADE, related_name="token_components")
    components = models.BinaryField()

    def __str__(self) -> str:
        return f"of space {self.space_id}"


class PassageEmbedding(models.Model):
    """A passage's vector in a space; each space has its own partial HNSW index over halfvec.

    `tokens` holds the token vectors as `documents.inference.token_vectors` compresses them; null
    for a passage that was embedded before the space had a projection.
    """

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="vectors")
    space = models.ForeignKey(EmbeddingSpace, models.CASCADE)
    embedding = VectorField()
    tokens = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "space"], name="uniq_passage_embedding_space"
            )
        ]

    def __str__(self) -> str:
        return f"{self.passage_id} in {self.space_id}"


class ChangeLogEntry(models.Model):
    """The log that indexes follow: a numbered row for every publication and deletion.

    Rows are written under an advisory lock that is held until commit, so numbers become visible in
    order and a follower never passes a gap that fills later. `truncated` says that deletions up to
    this number were deleted from the log (`documents.ingestion.publisher.compact_log`).
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published"
        DELETED = "deleted"
        TRUNCATED = "truncated"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    document_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.id}: {self.kind} {self.document_id}"
