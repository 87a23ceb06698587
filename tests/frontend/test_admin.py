"""What administrators do with the accounts of others."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
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


def test_addresses_of_mail_are_not_in_the_admin(admin: Client) -> None:
    assert admin.get("/admin/account/emailaddress/").status_code == 404


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
