"""Serializers of collections and documents."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from rest_framework import serializers

from documents.api.fields import MetadataField, StrictSerializer, text_is_storable
from documents.library import (
    CHUNKING_FIELDS,
    add_member,
    create_collection,
    save_collection,
)
from documents.metadata import LONGEST_KEY, MOST_FACETS, check_facets
from documents.models import Collection, CollectionMember, Document, Role
from documents.models.passage_size import LONGEST, SHORTEST, longest_overlap
from documents.models.ranking_settings import WEIGHT_FIELDS

LANGUAGE = r"^[a-z]{2,3}$"
METADATA_HELP = 'Any JSON object, for example {"author": "Ada Lovelace", "year": 1843}.'


class CollectionSerializer(serializers.ModelSerializer[Collection], StrictSerializer):
    """A collection; `documents` counts all that are in it, in whatever state, the trash apart."""

    slug = serializers.SlugField(
        max_length=200,
        required=False,
        help_text="Its name in addresses, made from the name when absent: “user-manuals”.",
    )
    language = serializers.RegexField(
        LANGUAGE,
        default="en",
        help_text="The language of its documents as a code of ISO 639: “en”, “de”.",
        error_messages={"invalid": "Give the language as a code of two or three letters: “en”."},
    )
    facet_fields = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_KEY),
        max_length=MOST_FACETS,
        required=False,
        validators=[check_facets],
        help_text="Fields of the documents' metadata that searches count and can be narrowed by, "
        f"{MOST_FACETS} at most: [“author”, “department”].",
    )
    documents = serializers.IntegerField(
        read_only=True, source="document_count", help_text="How many documents it has."
    )

    class Meta:
        model = Collection
        fields = [
            "slug", "name", "language", "visibility", "internal_role",
            "chunk_tokens", "chunk_overlap", "facet_fields", *WEIGHT_FIELDS,
            "recency_half_life", "recency_floor", "token_vectors", "documents", "created_at",
        ]  # fmt: skip
        extra_kwargs = {
            "name": {"help_text": "For people: “User manuals”."},
            "visibility": {"help_text": "Who may search it: public, internal or restricted."},
            "internal_role": {
                "help_text": "What every signed-in user is in it while it is internal: reader or "
                "contributor."
            },
            "chunk_tokens": {
                "help_text": "Longest passage in tokens of the model; null: the default.",
                "min_value": SHORTEST,
                "max_value": LONGEST,
            },
            "chunk_overlap": {
                "help_text": "Tokens that two neighbouring passages share, half a passage at most; "
                "null: the default.",
                "max_value": longest_overlap(LONGEST),
            },
        }

    def create(self, validated_data: dict[str, Any]) -> Collection:
        return create_collection(Collection(**validated_data), self.context["request"].user)

    def update(self, instance: Collection, validated_data: dict[str, Any]) -> Collection:
        confirmed = validated_data.pop("confirm", False)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        save_collection(instance, self.context["request"].user, confirmed=confirmed)
        return instance

    def validate_slug(self, slug: str) -> str:
        if self.instance is not None and slug != self.instance.slug:
            raise serializers.ValidationError("The slug of a collection cannot be changed.")
        return slug

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is None:
            attrs["slug"] = slug = attrs.get("slug") or slugify(attrs["name"])
            if not slug:
                raise serializers.ValidationError(
                    {"slug": ["Give a slug: none can be made from this name."]}
                )
            if Collection.objects.filter(slug=slug).exists():
                raise serializers.ValidationError(
                    {"slug": [f"There is a collection “{slug}” already."]}
                )
        before = self.instance or Collection()
        checked = {
            name: attrs.get(name, getattr(before, name))
            for name in (*CHUNKING_FIELDS, *WEIGHT_FIELDS)
        }
        try:
            Collection(**checked).clean()
        except ValidationError as problem:
            raise serializers.ValidationError(problem.message_dict) from problem
        return attrs


class CollectionChangeSerializer(CollectionSerializer):
    """Fields of a collection to change."""

    confirm = serializers.BooleanField(
        default=False,
        write_only=True,
        help_text="Change the visibility though more people will see its documents then.",
    )

    class Meta(CollectionSerializer.Meta):
        fields = [*CollectionSerializer.Meta.fields, "confirm"]


class NameField(serializers.SlugRelatedField[Any]):
    """A related object by its name; a name that the database cannot store matches nothing."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not text_is_storable(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class MemberSerializer(serializers.ModelSerializer[CollectionMember], StrictSerializer):
    """The role of one user or one group (by name): reader, contributor, editor or owner."""

    user = NameField(
        slug_field="username",
        queryset=get_user_model().objects.all(),
        required=False,
        allow_null=True,
        help_text="A user name: “ada”.",
    )
    group = NameField(
        slug_field="name",
        queryset=Group.objects.all(),
        required=False,
        allow_null=True,
        help_text="The name of a group: “Engineering”.",
    )

    class Meta:
        model = CollectionMember
        fields = ["id", "user", "group", "role"]

    def create(self, validated_data: dict[str, Any]) -> CollectionMember:
        who = validated_data.get("user") or validated_data["group"]
        role = validated_data.get("role", Role.READER)
        return add_member(self.context["collection"], who, role, self.context["request"].user)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user, group = attrs.get("user"), attrs.get("group")
        if (user is None) == (group is None):
            raise serializers.ValidationError("Name either a user or a group.")
        if self.context["collection"].members.filter(user=user, group=group).exists():
            raise serializers.ValidationError(f"{user or group} is listed already.")
        return attrs


class MemberChangeSerializer(StrictSerializer):
    """Another role for a member."""

    role = serializers.ChoiceField(
        choices=Role.choices, help_text="reader, contributor, editor or owner."
    )
    confirm = serializers.BooleanField(
        default=False, help_text="Change it though the collection has no owner then."
    )


class ProgressSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField(source="passages_done", help_text="Passages embedded so far.")
    total = serializers.IntegerField(
        source="passages_total", help_text="Passages in all; 0 while they are not yet known."
    )
    percent = serializers.SerializerMethodField(help_text="From 0 to 100.")

    def get_percent(self, document: Document) -> int:
        if document.state == Document.State.INDEXED:
            return 100
        done, total = document.passages_done, document.passages_total
        return min(99, 100 * done // total) if total else 0


class DocumentStateSerializer(serializers.ModelSerializer[Document]):
    """The state and the progress of a document's ingestion."""

    progress = ProgressSerializer(source="*", read_only=True)
    error = serializers.CharField(
        read_only=True, help_text="Why it failed, as an English sentence; empty otherwise."
    )

    class Meta:
        model = Document
        fields = [
            "id", "state", "progress", "error", "error_code", "version", "updated_at", "indexed_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "state": {"help_text": "queued, extracting, embedding, indexed or failed."},
            "error_code": {"help_text": "The same for programs, “damaged_file”."},
            "version": {"help_text": "The version that searches see; 0 before the first."},
        }


class DocumentSerializer(DocumentStateSerializer):
    """A document and its state."""

    collection = serializers.SlugRelatedField[Collection](slug_field="slug", read_only=True)
    url = serializers.SerializerMethodField(help_text="Its page for people.")
    metadata = MetadataField(read_only=True, help_text=METADATA_HELP)
    failed_children = serializers.SerializerMethodField(
        help_text="How many of its parts, such as a mail's attachments, could not be read."
    )

    class Meta(DocumentStateSerializer.Meta):
        fields = [
            "id", "title", "collection", "url", "state", "progress", "error", "error_code", "type",
            "content_type", "filename", "size", "language", "source", "metadata", "version",
            "parent", "failed_children", "created_at", "updated_at", "indexed_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            **DocumentStateSerializer.Meta.extra_kwargs,
            "type": {"help_text": "Decided from the content: “pdf”; empty before extraction."},
            "size": {"help_text": "Of the original, in bytes."},
            "parent": {"help_text": "The document that it is a part of, with which it goes."},
            "deleted_at": {"help_text": "When it was moved to the trash; null while it is not."},
        }

    def get_url(self, document: Document) -> str:
        return document.get_absolute_url()

    def get_failed_children(self, document: Document) -> int:
        counted: int | None = getattr(document, "failed_children", None)  # in lists
        failed = document.children.filter(state=Document.State.FAILED)
        return failed.count() if counted is None else counted


class ErrorSerializer(serializers.Serializer[Any]):
    """The error as a sentence; for bad values the form is `{field: [sentences]}` instead."""

    detail = serializers.CharField(required=False, help_text="A sentence.")
