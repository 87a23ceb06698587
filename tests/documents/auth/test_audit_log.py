"""Events of the audit log name the actor, the target and the request."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from documents.auth import record_event
from documents.models import AuditEvent, Collection

pytestmark = pytest.mark.django_db


def test_an_event_keeps_the_names_of_actor_and_target_when_both_are_deleted():
    user = User.objects.create_user("ann")
    collection = Collection.objects.create(name="Contracts", slug="contracts")
    event = record_event(AuditEvent.Action.COLLECTION_DELETED, user, collection, documents=3)
    user.delete()
    collection.delete()
    event.refresh_from_db()
    assert (event.actor, event.actor_name) == (None, "ann")
    assert (event.target_type, event.target_name) == ("collection", "Contracts")
    assert event.details == {"documents": 3}


def test_a_name_without_an_account_is_kept_as_it_was_typed():
    event = record_event(AuditEvent.Action.SIGN_IN_FAILED, AnonymousUser(), actor_name="x" * 200)
    assert event.actor_name == "x" * 150


def test_every_answer_carries_the_id_of_its_request():
    answer = Client().get("/healthz")
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-123.def", True), ("a", False), ("a b a b a b", False)]
)
def test_an_id_that_a_proxy_sent_is_kept_where_it_is_plain(sent: str, kept: bool):
    answer = Client().get("/healthz", headers={"X-Request-ID": sent})
    assert (answer.headers["X-Request-ID"] == sent) is kept
