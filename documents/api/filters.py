"""What lists and searches alike can be narrowed to."""

from django.utils.functional import lazy
from rest_framework import serializers

from documents.api import access
from documents.api.fields import QuerySerializer
from documents.types import format_names


class FilterParameters(QuerySerializer):
    """Filters; one that may be repeated takes what matches any of its values."""

    collection = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="The slug of a collection; may be repeated.",
    )
    type = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        help_text=lazy(lambda: f"A format: {format_names()}; may be repeated.", str)(),
    )

    def validate_collection(self, slugs: list[str]) -> list[str]:
        return access.known_collections(self.context["request"], slugs)
