"""What administrators do with the accounts of others."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from documents.models import AuditEvent, Collection, Document


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def app(ada: User) -> Authenticator:
    return Authenticator.objects.create(user=ada, type="totp", data={"secret": "kept-in-the-dark"})


def events(action: str) -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(action=action).order_by("id")
    return [(event.actor_name, event.target_name) for event in found]


def test_a_second_factor_is_taken_away_from_who_lost_it(admin: Client, app: Authenticator) -> None:
    page = admin.get(f"/admin/mfa/authenticator/{app.pk}/change/").content.decode()
    assert "ada" in page and "kept-in-the-dark" not in page
    admin.post(f"/admin/mfa/authenticator/{app.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert events("second_factor_changed") == [("root", "ada")]


def test_several_second_factors_are_each_in_the_audit_log(
    admin: Client, app: Authenticator
) -> None:
    codes = Authenticator.objects.create(user=app.user, type="recovery_codes", data={})
    sent = {"action": "delete_selected", "_selected_action": [app.pk, codes.pk], "post": "yes"}
    admin.post("/admin/mfa/authenticator/", sent)
    assert not Authenticator.objects.exists()
    assert events("second_factor_changed") == [("root", "ada")] * 2


def test_nobody_is_given_a_second_factor(admin: Client) -> None:
    assert admin.get("/admin/mfa/authenticator/add/").status_code == 403


def test_a_password_that_an_administrator_sets_is_judged_and_logged(
    admin: Client, ada: User
) -> None:
    address = f"/admin/auth/user/{ada.pk}/password/"
    sent = {"usable_password": "true", "password1": "short", "password2": "short"}
    assert b"at least 12 characters" in admin.post(address, sent).content
    assert events("password_changed") == []
    admin.post(address, sent | {"password1": "moonlit-harbour", "password2": "moonlit-harbour"})
    ada.refresh_from_db()
    assert ada.check_password("moonlit-harbour")
    assert events("password_changed") == [("root", "ada")]


def test_administrators_change_their_own_password_where_tries_are_limited(admin: Client) -> None:
    for ask in (admin.get, admin.post):
        assert ask("/admin/password_change/").headers["Location"] == "/account/password/"


def test_addresses_of_mail_are_not_in_the_admin(admin: Client) -> None:
    assert admin.get("/admin/account/emailaddress/").status_code == 404


def details(action: str = "account_changed") -> list[tuple[str, dict[str, Any]]]:
    found = AuditEvent.objects.filter(action=action).order_by("id")
    return [(event.target_name, event.details) for event in found]


def test_what_is_done_to_accounts_and_groups_is_in_the_audit_log(admin: Client, ada: User) -> None:
    right = Permission.objects.get(codename="view_auditevent")
    admin.post("/admin/auth/group/add/", {"name": "Auditors", "permissions": [right.pk]})
    group = Group.objects.get()
    sent: dict[str, Any] = {"username": "ada", "is_active": "on", "is_superuser": "on"}
    sent |= {"groups": [group.pk], "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert admin.post(f"/admin/auth/user/{ada.pk}/change/", sent).status_code == 302
    admin.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    admin.post("/admin/auth/user/", chosen)
    assert not Group.objects.exists() and not User.objects.filter(username="ada").exists()
    made = {"name": [None, "Auditors"], "permissions": [None, [str(right)]]}
    assert details() == [
        ("Auditors", {"change": "made", **made}),
        ("ada", {"change": "changed", "is_superuser": [False, True], "groups": [[], ["Auditors"]]}),
        ("Auditors", {"change": "deleted"}),
        ("ada", {"change": "deleted"}),
    ]


@pytest.fixture
def manager(db: None) -> Client:
    """Staff with all of Django's permissions for users and second factors."""
    user = User.objects.create(username="manager", is_staff=True)
    kinds = ("user", "authenticator")
    user.user_permissions.set(Permission.objects.filter(content_type__model__in=kinds))
    client = Client()
    client.force_login(user)
    return client


def test_who_manages_accounts_gives_nobody_rights(manager: Client, ada: User) -> None:
    sent = {"username": "ada", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    sent |= {"first_name": "Ada", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert manager.post(f"/admin/auth/user/{ada.pk}/change/", sent).status_code == 302
    ada.refresh_from_db()
    assert ada.first_name == "Ada" and not ada.is_staff and not ada.is_superuser


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_who_manages_accounts_does_not_touch_those_with_rights(
    manager: Client, app: Authenticator, right: str
) -> None:
    account, address = app.user, f"/admin/auth/user/{app.user.pk}"
    new = {
        "usable_password": "true",
        "password1": "moonlit-harbour",
        "password2": "moonlit-harbour",
    }
    User.objects.filter(pk=account.pk).update(**{right: True})
    assert manager.post(f"{address}/password/", new).status_code == 403
    assert manager.post(f"{address}/change/", {"username": "x"}).status_code == 403
    assert manager.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    second_factor = f"/admin/mfa/authenticator/{app.pk}/delete/"
    assert manager.post(second_factor, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [account.pk], "post": "yes"}
    manager.post("/admin/auth/user/", chosen)
    account.refresh_from_db()
    User.objects.filter(pk=account.pk).update(**{right: False})
    assert manager.post(f"{address}/password/", new).status_code == 302
    assert manager.post(second_factor, {"post": "yes"}).status_code == 302


def test_staff_change_their_password_where_it_is_limited_and_logged(admin: Client) -> None:
    for answer in (admin.get("/admin/password_change/"), admin.post("/admin/password_change/")):
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/")


def test_the_admin_leads_to_a_documents_page_without_telling_whether_others_exist(
    admin: Client,
) -> None:
    collection = Collection.objects.create(name="A", slug="a", visibility="restricted")
    document = Document.objects.create(collection=collection, external_id="k", title="T")
    page = admin.get(f"/admin/documents/document/{document.pk}/change/").content.decode()
    assert f'href="{document.get_absolute_url()}" class="viewsitelink"' in page
    kind = ContentType.objects.get_for_model(Document).pk
    assert admin.get(f"/admin/r/{kind}/{document.pk}/").status_code == 404
