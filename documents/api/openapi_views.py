"""The OpenAPI document and the page that shows it."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


class SchemaView(SpectacularAPIView):
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI in our template: the library's has a style element, which our CSP forbids."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    template_name = "documents/api_docs.html"
    url_name = "api_schema"
