"""What the OpenAPI document says beyond the serializers."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from documents.api.serializers import ErrorSerializer

REASONS = {
    400: "A value is missing or wrong.",
    401: "The token is missing, unknown or expired, or its account deactivated.",
    403: "The caller may see this, but not change it, or the token's scope does not open it.",
    404: "There is no such thing, or the caller may not see it.",
    409: "The present state does not allow it.",
    413: "The upload is larger than MAX_UPLOAD_MB.",
    429: "Too many of the caller's documents wait for the index: try again after `Retry-After`.",
    507: "The caller may not keep more (USER_QUOTA_MB, USER_QUOTA_DOCUMENTS), or the disk is full.",
    503: "The database or the queue cannot be reached; nothing was done.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "documents.auth.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made on the page “Account” or with “manage.py token USERNAME”. "
            "Each operation says which scope it needs.",
        }


class ScopedSchema(AutoSchema):
    """Says of each operation which scope a token needs for it."""

    def get_description(self) -> str:  # type: ignore[override]
        scopes = getattr(self.view, "token_scopes", {})
        needed = scopes.get(self.method)
        said = super().get_description()
        return f"{said}\n\nScope of a token: `{needed}`." if needed else said


def responses(good: dict[Any, Any], *errors: int) -> dict[Any, Any]:
    """The responses of an operation: the good ones, and errors that share one form."""
    described = {
        code: OpenApiResponse(ErrorSerializer, description=REASONS[code]) for code in (*errors, 503)
    }
    return {**good, **described}
