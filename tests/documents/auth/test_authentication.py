"""What each scope opens, over every address of the API, and what staff may do by a token."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from documents.auth import api_tokens
from documents.auth.authentication import TokenAuthentication
from documents.models import ApiToken, Collection, TokenScope, TokenUser
from tests.api import caller, make_user

pytestmark = pytest.mark.django_db
SEARCH, READ, WRITE, ADMIN = TokenScope
NOWHERE = "0b5c1a52-0000-4000-8000-000000000000"
NEEDED = {
    "api_search": {"GET": SEARCH},
    "api_autocomplete": {"GET": SEARCH},
    "api_judgements": {"POST": READ},
    "api_documents": {"GET": READ, "POST": WRITE},
    "api_document": {"GET": READ, "PATCH": WRITE, "DELETE": WRITE},
    "api_state": {"GET": READ},
    "api_text": {"GET": READ},
    "api_original": {"GET": READ},
    "api_retry": {"POST": WRITE},
    "api_restore": {"POST": WRITE},
    "api_collections": {"GET": READ, "POST": ADMIN},
    "api_collection": {"GET": READ, "PATCH": ADMIN, "DELETE": ADMIN},
    "api_members": {"GET": ADMIN, "POST": ADMIN},
    "api_member": {"PATCH": ADMIN, "DELETE": ADMIN},
    "api_synonyms": {"GET": READ, "PUT": WRITE, "DELETE": WRITE},
    "api_installation_synonyms": {"GET": ADMIN, "PUT": ADMIN, "DELETE": ADMIN},
    "api_pins": {"GET": READ, "POST": WRITE},
    "api_pin": {"PATCH": WRITE, "DELETE": WRITE},
}


def routes(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        place = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, place)
        elif place.startswith("api/"):
            yield place, each


def signed_in_views() -> dict[str, tuple[str, type[APIView]]]:
    """By name, address and view of all that a token can reach."""
    views = {
        pattern.name or place: (place, getattr(pattern.callback, "view_class", None))
        for place, pattern in routes()
    }
    return {
        name: (place, view)
        for name, (place, view) in views.items()
        if view is not None and TokenAuthentication in view.authentication_classes
    }


def test_every_method_of_every_address_says_which_scope_it_needs() -> None:
    declared = {
        name: {method: view.token_scopes.get(method) for method in view().allowed_methods}  # type: ignore[attr-defined]
        for name, (_, view) in signed_in_views().items()
    }
    for methods in declared.values():
        assert methods.pop("OPTIONS") is None
    assert declared == NEEDED


@pytest.mark.parametrize("scope", TokenScope)
def test_a_scope_opens_what_it_includes_and_nothing_else(scope: TokenScope) -> None:
    """What is opened answers as it likes; only what is not says so, with the scope to ask for."""
    client = caller(make_user("ada", staff=True), scope=scope)
    for name, (place, _) in signed_in_views().items():
        address = "/" + place.replace("<uuid:pk>", NOWHERE).replace("<slug:slug>", "nowhere")
        address = address.replace("<int:pk>", "1")
        for method, needed in NEEDED[name].items():
            answer = client.generic(method, address, "{}", content_type="application/json")
            refused = answer.status_code == 403 and "scope" in str(answer.content)
            assert refused is not scope.includes(needed), (name, method)
            if refused:
                header = f'Bearer realm="api", error="insufficient_scope", scope="{needed}"'
                assert answer["WWW-Authenticate"] == header


def test_a_view_that_declares_no_scope_is_closed_to_every_token() -> None:
    class Forgotten(APIView):
        permission_classes = [AllowAny]

        def get(self, request: Any) -> Response:
            return Response("secret")

    secret = api_tokens.create_token(make_user("ada", staff=True))
    request = APIRequestFactory().get("/x", HTTP_AUTHORIZATION=f"Bearer {secret}")
    answer = Forgotten.as_view()(request)
    assert answer.status_code == 403 and "secret" not in str(answer.data)
    assert Forgotten.as_view()(APIRequestFactory().get("/x")).status_code == 200


def test_a_method_that_is_not_there_and_options_are_as_ever() -> None:
    client = caller(make_user("ada"), scope=SEARCH)
    assert client.put("/api/v1/search").status_code == 405
    assert client.options("/api/v1/documents").status_code == 200
    assert client.head("/api/v1/documents").status_code == 403


def test_a_token_carries_the_rights_of_staff_with_the_scope_admin_only() -> None:
    grace = make_user("grace")
    grace.user_permissions.add(Permission.objects.get(codename="view_document"))
    grace.is_staff = grace.is_superuser = True
    grace.save()
    Collection.objects.create(name="Vault", slug="vault", visibility="restricted")
    seen = {
        scope: caller(grace, scope=scope).get("/api/v1/collections/vault").status_code
        for scope in (READ, WRITE, ADMIN)
    }
    assert seen == {READ: 404, WRITE: 404, ADMIN: 200}
    for token in ApiToken.objects.select_related("user"):
        user = TokenUser.of(token)
        rights = user.is_staff, user.is_superuser, user.has_perm("documents.view_document")
        assert set(rights) == {token.scope == ADMIN}
        assert user.has_module_perms("documents") is (token.scope == ADMIN)
        assert user == grace and token.user.is_superuser


def test_the_caller_of_a_token_is_never_saved() -> None:
    api_tokens.create_token(make_user("ada"))
    with pytest.raises(TypeError):
        TokenUser.of(ApiToken.objects.get()).save()


def test_the_schema_says_which_scope_an_operation_needs() -> None:
    schema = caller().get("/api/v1/schema?format=json").json()
    upload = schema["paths"]["/api/v1/documents"]["post"]
    assert "Scope of a token: `write`." in upload["description"]
    assert {"429", "507"} <= set(upload["responses"])
