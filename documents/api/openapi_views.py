"""The OpenAPI document and the page that shows it."""

from functools import lru_cache
from threading import Lock
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

# The library fails where two threads make the first one.
_making = Lock()


class SchemaView(SpectacularAPIView):
    """Anyone may ask for it, and making it takes a third of a second, so each process makes it once
    in each language."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: BaseRenderer = request.accepted_renderer
        with _making:
            content = cached_schema(get_language() or "", renderer.format)
        return HttpResponse(content, content_type=renderer.media_type)


@lru_cache(maxsize=16)
def cached_schema(language: str, form: str) -> str | bytes:
    """The document in the language that is active, which has to be `language`."""
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    renderer = next(one for one in SchemaView.renderer_classes if one.format == form)
    return renderer().render(schema, renderer_context={})


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI in our template: the library's has a style element, which our CSP forbids."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    template_name = "documents/api_docs.html"
    url_name = "api_schema"
