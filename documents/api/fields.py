"""Fields and parsers that refuse values that the database cannot store."""

import copy
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import parsers, serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

ParameterField = serializers.Field[Any, Any, Any, Any]

LONGEST_METADATA = 100_000  # bytes of its JSON
DEEPEST_METADATA = 20


class JSONParser(parsers.JSONParser):
    """The framework's JSON parser; input nested too deeply for Python is a ParseError."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields: a misspelt one must not be ignored in silence.

    `csrfmiddlewaretoken` comes with every form of a browser.
    """

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        unknown = set(data) - set(self.fields) - {"csrfmiddlewaretoken"}
        if unknown:
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            sentence = f"There is no such field here. The fields are {known}."
            raise serializers.ValidationError({name: [sentence] for name in sorted(unknown)})
        return values


class QuerySerializer(serializers.Serializer[Any]):
    """Query parameters. A list field takes a repeated parameter; an empty value is absent."""

    @classmethod
    def parameters(cls) -> Mapping[str, ParameterField]:
        """All parameters by name: the declared fields, unless a subclass adds some."""
        return cls._declared_fields

    def get_fields(self) -> dict[str, ParameterField]:
        return copy.deepcopy(dict(self.parameters()))

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """The values, defaults included. Raises ValidationError."""
        given = request.query_params
        values: dict[str, Any] = {}
        for name, field in cls.parameters().items():  # not copied, as those of an instance are
            if filled := [value for value in given.getlist(name) if value]:
                values[name] = filled if isinstance(field, serializers.ListField) else filled[-1]
        parameters = cls(data=values, context={"request": request})
        parameters.is_valid(raise_exception=True)
        return dict(parameters.validated_data)


@extend_schema_field(OpenApiTypes.OBJECT)
class MetadataField(serializers.Field[dict[str, Any], Any, Any, Any]):
    """A JSON object, or its text in a form. Raises ValidationError for anything else."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value = self._parsed(data) if isinstance(data, str) else data
        if not isinstance(value, dict):
            raise serializers.ValidationError(
                'This is not a JSON object, such as {"author": "Ada Lovelace", "year": 1843}.'
            )
        for leaf, depth in _leaves(value):
            _check(leaf, depth)
        if len(json.dumps(value)) > LONGEST_METADATA:
            raise serializers.ValidationError(
                f"The metadata is too long: it may have {LONGEST_METADATA // 1000} kB."
            )
        return value

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value

    @staticmethod
    def _parsed(text: str) -> Any:
        try:
            return json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise serializers.ValidationError(f"This is not JSON: {error}.") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _leaves(value: Any) -> Iterator[tuple[Any, int]]:
    """Every key and every value that holds no others, with its depth; no recursion."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST_METADATA or not isinstance(item, dict | list):
            yield item, depth
            continue
        if isinstance(item, dict):
            waiting.extend((key, depth) for key in item)
        values = item.values() if isinstance(item, dict) else item
        waiting.extend((entry, depth + 1) for entry in values)


def text_is_storable(text: str) -> bool:
    """False with a NUL or half a surrogate pair, which PostgreSQL takes in no text."""
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


def _check(leaf: Any, depth: int) -> None:
    if depth > DEEPEST_METADATA:
        raise serializers.ValidationError("The metadata is nested too deeply.")
    if isinstance(leaf, str) and not text_is_storable(leaf):
        raise serializers.ValidationError(
            "The metadata holds a NUL or half a surrogate pair, which is no text."
        )
    if isinstance(leaf, float) and not math.isfinite(leaf):
        raise serializers.ValidationError("The metadata holds a number without a finite value.")
