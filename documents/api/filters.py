"""The filter parameters that lists and searches share."""

from typing import Any

from django.utils.functional import lazy
from rest_framework import serializers

from documents.api.fields import QuerySerializer
from documents.extraction import format_names
from documents.models import Collection


def unknown_collection(slug: str) -> str:
    return f"There is no collection “{slug}”, or you may not see it."


class CollectionsParameter(serializers.ListField):
    """Slugs. Raises ValidationError for a slug of no collection visible to the caller."""

    child = serializers.CharField(max_length=200)

    def to_internal_value(self, data: Any) -> list[str]:
        slugs: list[str] = super().to_internal_value(data)
        visible = Collection.objects.visible_to(self.context["request"].user)
        known = set(visible.filter(slug__in=slugs).values_list("slug", flat=True))
        # Alike for a missing and for a hidden one.
        if unknown := [unknown_collection(slug) for slug in slugs if slug not in known]:
            raise serializers.ValidationError(unknown)
        return slugs


COLLECTION = CollectionsParameter(
    required=False, help_text="The slug of a collection; may be repeated."
)
TYPE = serializers.ListField(
    child=serializers.CharField(max_length=20),
    required=False,
    help_text=lazy(lambda: f"A format: {format_names()}; may be repeated.", str)(),
)


class FilterParameters(QuerySerializer):
    """Filters; a repeated one matches documents with any of its values."""

    collection = COLLECTION
    type = TYPE
