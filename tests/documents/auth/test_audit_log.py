"""The audit log: what is written, that nothing changes it, what is found, what is forgotten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.auth import delete_old_events, find_events, record_event
from documents.models import AuditEvent, Collection
from documents.tasks import delete_old_audit_events

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def recorded(**fields: Any) -> AuditEvent:
    return AuditEvent.objects.create(**{"action": Action.SIGN_IN, **fields})


def at(when: datetime, **fields: Any) -> AuditEvent:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: when)
        return recorded(**fields)


def refused(statement: str) -> bool:
    """Whether the database refuses it as a change of the log, with nothing else undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


def test_an_event_cannot_be_changed() -> None:
    event = recorded(actor_name="ada")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(actor_name="bob")
    event.actor_name = "bob"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.save()
    assert AuditEvent.objects.get().actor_name == "ada"


def test_an_event_cannot_be_deleted_not_even_by_sql() -> None:
    event = recorded()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert refused("DELETE FROM documents_auditevent")
    assert refused("UPDATE documents_auditevent SET actor_id = NULL, action = 'sign_out'")
    assert AuditEvent.objects.count() == 1


def test_the_log_cannot_be_emptied_at_once() -> None:
    """The trigger is off for the other tests; this one's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE documents_auditevent ENABLE TRIGGER documents_auditevent_no_truncate"
        )
    assert refused("TRUNCATE documents_auditevent")
    assert refused("TRUNCATE documents_auditevent, auth_user CASCADE")


def test_a_deleted_user_leaves_the_name_in_the_log() -> None:
    ada = User.objects.create_user("ada")
    record_event(Action.TOKEN_CREATED, ada)
    ada.delete()
    event = AuditEvent.objects.get()
    assert (event.actor_id, event.actor_name) == (None, "ada")


def test_only_what_is_older_than_the_setting_is_forgotten(settings: Any) -> None:
    settings.AUDIT_LOG_DAYS = 30
    now = timezone.now()
    at(now - timedelta(days=31), actor_name="old")
    at(now - timedelta(days=29), actor_name="young")
    assert delete_old_events() == 1
    assert [event.actor_name for event in AuditEvent.objects.all()] == ["young"]


def test_after_that_nothing_can_be_deleted_again_in_the_same_transaction(settings: Any) -> None:
    settings.AUDIT_LOG_DAYS = 30
    at(timezone.now() - timedelta(days=29))
    delete_old_audit_events()
    settings.AUDIT_LOG_DAYS = 1
    assert refused("DELETE FROM documents_auditevent")


def test_the_clock_asks_for_it_every_hour(settings: Any) -> None:
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    (entry,) = [entry for entry in entries if entry["task"] == delete_old_audit_events.name]
    assert entry["schedule"] == 3600


def test_each_filter_narrows_to_what_fits() -> None:
    ada = User.objects.create_user("ada")
    ledger = Collection.objects.create(name="Ledger 100%", slug="ledger")
    moved = record_event(Action.COLLECTION_CHANGED, ada, ledger)
    failed = record_event(Action.SIGN_IN_FAILED, None, actor_name="eve")
    there = recorded(address="192.0.2.17", request_id="abcd1234")
    assert list(find_events()) == [there, failed, moved]
    assert list(find_events(action=Action.SIGN_IN_FAILED)) == [failed]
    assert list(find_events(actor="ADA")) == [moved]
    assert list(find_events(text="ledger 100%")) == [moved]
    assert moved in find_events(text=str(ledger.pk), action=Action.COLLECTION_CHANGED)
    assert list(find_events(text="192.0.2.")) == [there]
    assert list(find_events(text="abcd1234")) == [there]
    assert list(find_events(actor="ada", text="abcd1234")) == []


def test_days_are_those_of_the_time_zone_and_both_count(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with timezone.override("Europe/Berlin"):
        first = at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC))  # the second, half past midnight
        second = at(datetime(2026, 3, 2, 22, 30, tzinfo=UTC))
        third = at(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
        day = date(2026, 3, 2)
        assert set(find_events(since=day, until=day)) == {first, second}
        assert set(find_events(since=date(2026, 3, 3))) == {third}
        assert set(find_events(until=date(2026, 3, 1))) == set()


def test_the_admin_shows_events_and_changes_none(admin_client: Client) -> None:
    event = recorded(actor_name="ada")
    one = reverse("admin:documents_auditevent_change", args=[event.pk])
    assert "ada" in admin_client.get(reverse("admin:documents_auditevent_changelist")).text
    page = admin_client.get(one)
    assert page.status_code == 200 and 'name="_save"' not in page.text
    assert admin_client.post(one, {"actor_name": "bob"}).status_code == 403
    assert admin_client.get(reverse("admin:documents_auditevent_add")).status_code == 403
    gone = reverse("admin:documents_auditevent_delete", args=[event.pk])
    assert admin_client.post(gone, {"post": "yes"}).status_code == 403
    listed = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    admin_client.post(reverse("admin:documents_auditevent_changelist"), listed)
    assert AuditEvent.objects.filter(pk=event.pk).exists()
