"""The members of a collection: the last owner goes only when that is confirmed."""

import pytest
from django.contrib.auth.models import Group, User

from documents.errors import ConfirmationMissing
from documents.library import members
from documents.models import AuditEvent, Collection, CollectionMember, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(collection: Collection) -> CollectionMember:
    return members.add_member(collection, User.objects.create_user("ada"), Role.OWNER, None)


def test_the_last_owner_goes_only_when_that_is_confirmed(owner: CollectionMember) -> None:
    with pytest.raises(ConfirmationMissing, match="no owner any more"):
        members.change_member(owner, Role.EDITOR, None)
    with pytest.raises(ConfirmationMissing, match="no owner any more"):
        members.remove_member(owner, None)
    owner.refresh_from_db()
    assert owner.role == Role.OWNER
    assert AuditEvent.objects.filter(action="member_changed").count() == 1
    members.remove_member(owner, None, confirmed=True)
    assert not CollectionMember.objects.exists()


def test_an_owner_beside_whom_there_is_another_goes_at_once(owner: CollectionMember) -> None:
    crew = members.add_member(owner.collection, Group.objects.create(name="Crew"), Role.OWNER, None)
    members.change_member(owner, Role.READER, None)
    members.remove_member(owner, None)
    with pytest.raises(ConfirmationMissing):
        members.remove_member(crew, None)
