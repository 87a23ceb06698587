"""The audit log's page: who sees it, what it shows, and what can be taken along."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.http import FileResponse
from django.test import Client
from django.utils import timezone

from documents.auth import record_event
from documents.models import AuditEvent, Collection

Action = AuditEvent.Action


@pytest.fixture
def auditor(db: None) -> User:
    user = User.objects.create_user("audrey", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    return user


@pytest.fixture
def as_auditor(auditor: User) -> Client:
    client = Client()
    client.force_login(auditor)
    return client


@pytest.mark.parametrize("address", ["/audit/", "/audit/events.csv", "/audit/events.jsonl"])
def test_it_is_for_those_with_the_permission_alone(
    address: str, anyone: Client, as_ada: Client, as_auditor: Client
) -> None:
    staff = Client()
    staff.force_login(User.objects.create_user("root", is_staff=True))
    assert anyone.get(address).headers["Location"] == f"/account/login/?next={address}"
    assert as_ada.get(address).status_code == 403
    assert staff.get(address).status_code == 403
    assert as_auditor.get(address).status_code == 200
    assert as_auditor.post(address).status_code == 405
    assert b'href="/audit/"' not in staff.get("/documents/").content
    assert b'href="/audit/"' in as_auditor.get("/documents/").content


def test_it_says_who_did_what_to_what_and_from_where(as_auditor: Client, auditor: User) -> None:
    ledger = Collection.objects.create(name="<b>Ledger</b>", slug="ledger")
    record_event(Action.VISIBILITY_CHANGED, auditor, ledger, old="internal", new="public")
    record_event(Action.SIGN_IN_FAILED, None, actor_name="eve", user=None)
    until, places = "2027-11-25T15:12:03.827904+00:00", ["ledger", "notes"]
    record_event(Action.TOKEN_CREATED, auditor, expires_at=until, collections=places)
    page = as_auditor.get("/audit/").text
    assert "expires at: 25 Nov 2027, 15:12<" in page and "collections: ledger, notes" in page
    assert "user: " not in page
    assert "&lt;b&gt;Ledger&lt;/b&gt;" in page and "<b>Ledger" not in page
    assert "Changed who may see a collection" in page
    assert "internal → public" in page
    assert "eve" in page and "no-store" in as_auditor.get("/audit/").headers["Cache-Control"]


def test_the_filters_are_kept_from_page_to_page(as_auditor: Client) -> None:
    for number in range(51):
        record_event(Action.SIGN_IN_FAILED, None, actor_name="eve", number=number)
    record_event(Action.SIGN_OUT, None, actor_name="bob")
    day = timezone.localdate().isoformat()
    asked = f"action=sign_in_failed&actor=eve&since={day}&until={day}"
    page = as_auditor.get(f"/audit/?{asked}")
    assert page.context["page"].paginator.count == 51
    assert f"/audit/?{asked.replace('&', '&amp;')}&amp;page=2" in page.text
    assert len(as_auditor.get(f"/audit/?{asked}&page=2").context["page"]) == 1
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "No event fits this choice." in as_auditor.get(f"/audit/?since={tomorrow}").text


@pytest.mark.parametrize(
    "query",
    ["action=none", "since=2026-13-45", "until=9999-12-31", "page=x", "text=%00", "actor=%00"],
)
def test_a_value_that_means_nothing_is_passed_over(as_auditor: Client, query: str) -> None:
    record_event(Action.SIGN_OUT, None, actor_name="bob")
    page = as_auditor.get(f"/audit/?{query}")
    assert page.status_code == 200 and not page.context["chosen"].narrowed
    assert "bob" in page.text


def test_what_the_page_shows_can_be_saved_line_by_line(as_auditor: Client, auditor: User) -> None:
    record_event(Action.SIGN_OUT, None, actor_name="bob")
    kept = record_event(Action.TOKEN_CREATED, auditor, auditor, scopes=["search"])
    answer = as_auditor.get("/audit/events.jsonl?action=token_created")
    assert isinstance(answer, FileResponse)  # which the web server sends block by block
    assert "attachment" in answer.headers["Content-Disposition"]
    (line,) = answer.getvalue().decode().splitlines()
    event = json.loads(line)
    assert (event["id"], event["action"], event["actor_name"]) == (
        kept.pk,
        "token_created",
        "audrey",
    )
    assert event["details"] == {"scopes": ["search"]} and event["at"] == kept.at.isoformat()
    answer = as_auditor.get("/audit/events.csv?action=token_created")
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert row["target_name"] == "audrey" and json.loads(row["details"]) == event["details"]
    assert as_auditor.get("/audit/events.xml").status_code == 404


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"])
def test_no_cell_is_a_formula_to_a_spreadsheet(as_auditor: Client, name: str) -> None:
    record_event(Action.SIGN_IN_FAILED, None, actor_name=name)
    answer = as_auditor.get("/audit/events.csv?action=sign_in_failed")
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode(), newline=""))
    assert row["actor_name"] == f"'{name}"
