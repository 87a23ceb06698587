"""A document's extracted text, in parts of bounded length."""

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Length, Substr
from rest_framework import serializers

from documents.api.fields import QuerySerializer
from documents.models import Document

DEFAULT_LIMIT, LARGEST_LIMIT = 100_000, 1_000_000
LARGEST_OFFSET = 2**31 - 2


class TextParameters(QuerySerializer):
    offset = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=LARGEST_OFFSET,
        help_text="Where the part starts, in code points.",
    )
    limit = serializers.IntegerField(
        default=DEFAULT_LIMIT,
        min_value=1,
        max_value=LARGEST_LIMIT,
        help_text=f"How many code points it has, at most {LARGEST_LIMIT}.",
    )


class HeadingSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField(help_text="Offset into the text, in code points.")
    level = serializers.IntegerField(help_text="1 for a chapter, 2 below it, …")
    title = serializers.CharField()


class TextSerializer(serializers.Serializer[Any]):
    """A part of the text as it was extracted. Offsets count Unicode code points of the whole."""

    text = serializers.CharField(help_text="The part; empty past the end.")
    offset = serializers.IntegerField(help_text="Where the part starts.")
    total = serializers.IntegerField(help_text="How many code points the whole text has.")
    pages = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Where each page of the whole starts; empty where the format has no pages.",
    )
    headings = HeadingSerializer(many=True, help_text="Those that start in the part.")


@dataclass(frozen=True)
class TextPart:
    text: str
    offset: int
    total: int
    pages: list[int]
    headings: list[dict[str, Any]]


def part_of_text(document: Document, offset: int, limit: int) -> TextPart | None:
    """A part of the published version's text, cut by the database; None without such a version."""
    row = (
        document.extractions.filter(version=document.version)
        .values("pages", "headings", part=Substr("text", offset + 1, limit), total=Length("text"))
        .first()
    )
    if row is None:
        return None
    inside = range(offset, offset + limit)
    headings = [heading for heading in row["headings"] if heading["start"] in inside]
    return TextPart(row["part"], offset, row["total"], row["pages"], headings)
