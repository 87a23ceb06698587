"""Collections, their members, and documents."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.messages import Message
from documents.metadata import LONGEST_KEY, MOST_FACETS, check_facets, year_expression
from documents.models.passage_size import PassageSize, longest_overlap
from documents.models.permissions import CollectionQuerySet, DocumentQuerySet, Role
from documents.models.ranking_settings import RankingSettings


class Collection(RankingSettings):
    """A set of documents with one language, visibility, passage size and way of ranking."""

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
    internal_role = models.CharField(
        max_length=11,
        choices=[(role.value, role.label) for role in (Role.READER, Role.CONTRIBUTOR)],
        default=Role.CONTRIBUTOR,
        help_text="What every signed-in user is in it while it is internal.",
    )
    chunk_tokens = models.PositiveIntegerField(null=True, blank=True)
    chunk_overlap = models.PositiveIntegerField(null=True, blank=True)
    facet_fields = ArrayField(
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

    def is_wider_than(self, other: "Collection") -> bool:
        """Whether its visibility lets more people see a document than the other's does."""
        order = list(self.Visibility)
        return order.index(self.Visibility(self.visibility)) < order.index(
            self.Visibility(other.visibility)
        )

    def clean(self) -> None:
        """Raises ValidationError for a passage size and for weights that are not allowed."""
        super().clean()
        PassageSize(self._passage_tokens, self.chunk_overlap or 0).check()

    @property
    def passage_size(self) -> PassageSize:
        """The passage size of its documents; a field that is empty follows the settings, which may
        have changed since it was checked."""
        tokens = self._passage_tokens
        overlap = settings.CHUNK_OVERLAP if self.chunk_overlap is None else self.chunk_overlap
        return PassageSize(tokens, min(overlap, longest_overlap(tokens)))

    @property
    def _passage_tokens(self) -> int:
        return settings.CHUNK_TOKENS if self.chunk_tokens is None else self.chunk_tokens


class CollectionMember(models.Model):
    """The role of one user or one group in a collection, whatever its visibility."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=11, choices=Role.choices, default=Role.READER)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(group__isnull=True),
                name="check_member_user_or_group",
                violation_error_message="Choose either a user or a group.",
            ),
            models.UniqueConstraint(
                fields=["collection", "user"], name="uniq_member_collection_user"
            ),
            models.UniqueConstraint(
                fields=["collection", "group"], name="uniq_member_collection_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group} ({self.role})"


def error_columns(message: Message | None) -> dict[str, Any]:
    """The columns that store a document's error, or that it has none."""
    if message is None:
        return {"error_code": "", "error_params": {}}
    return {"error_code": message.code, "error_params": dict(message.params)}


class Document(models.Model):
    """One original with the state of its ingestion.

    `version` is the published version, 0 before the first. `external_id` identifies the document
    when it is sent again; the default is the hash of its bytes. `lease_id` belongs to the one
    worker that may write for it, until `lease_until`. `content_date` is the date that the content
    states; `year` is computed from it and from the metadata.

    A child, such as a mail's attachment, has the collection of its `parent` and is moved, deleted,
    restored and purged with it, never alone. While `deleted_at` is set it is in the trash: nobody
    sees it, nothing works on it, and its passages and vectors stay.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        EXTRACTING = "extracting", _("Extracting text")
        EMBEDDING = "embedding", _("Embedding")
        INDEXED = "indexed", _("Indexed")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="documents")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, editable=False, related_name="children"
    )
    external_id = models.CharField(max_length=200, editable=False)
    title = models.CharField(max_length=500)
    source = models.CharField(max_length=2000, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(max_length=64, editable=False, db_index=True)
    content_type = models.CharField(max_length=150, blank=True)
    type = models.CharField(max_length=20, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=10, default="en")
    metadata = models.JSONField(default=dict, blank=True)
    content_date = models.DateField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False,
        db_index=False,  # `documents_kept_by_user` is one
    )  # fmt: skip

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    error_code = models.CharField(max_length=50, blank=True, editable=False)
    error_params = models.JSONField(default=dict, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_id = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    passages_done = models.PositiveIntegerField(default=0)
    passages_total = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    indexed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    year = models.GeneratedField(
        expression=year_expression(),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        permissions = [("exceed_quotas", "Can keep more than the quotas of a user")]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "external_id"], name="uniq_document_collection_external_id"
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "queued_at"],
                condition=~Q(state__in=("indexed", "failed")),
                name="documents_unfinished",
            ),
            models.Index(fields=["uploaded_by"], include=["size"], name="documents_kept_by_user"),
            # The next queued document of each user.
            models.Index(
                Coalesce("uploaded_by", 0),
                "queued_at",
                condition=Q(state="queued", attempts=0),
                name="documents_turns",
            ),
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False),
                name="documents_in_trash",
            ),
            GinIndex(SearchVector("title", config="simple"), name="documents_title_words"),
            GinIndex(
                fields=["metadata"], opclasses=["jsonb_path_ops"], name="documents_metadata_values"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])

    @property
    def error_message(self) -> Message | None:
        """The error of a failed document, for users; else None."""
        return Message(self.error_code, self.error_params) if self.error_code else None

    @property
    def error(self) -> str:
        """The error of a failed document as an English sentence; else empty."""
        return str(self.error_message or "")
