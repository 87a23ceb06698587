"""The members of a collection, each change in the audit log."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from documents.auth import record_event
from documents.errors import ConfirmationMissing
from documents.models import AuditEvent, Collection, CollectionMember, Role
from documents.models.permissions import Caller


@transaction.atomic
def add_member(
    collection: Collection, who: User | Group, role: Role | str, by: Caller | None
) -> CollectionMember:
    """Give a user or a group a role. Raises IntegrityError where they are a member already."""
    kind: dict[str, Any] = {"group": who} if isinstance(who, Group) else {"user": who}
    member = CollectionMember.objects.create(collection=collection, role=role, **kind)
    record_member_change(member, by, before="", after=member.role)
    return member


@transaction.atomic
def change_member(
    member: CollectionMember, role: Role | str, by: Caller | None, *, confirmed: bool = False
) -> None:
    """Give a member another role. Raises ConfirmationMissing as `remove_member` does."""
    if role != Role.OWNER:
        _keep_an_owner(member, confirmed)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    if before != role:
        record_member_change(member, by, before=before, after=role)


@transaction.atomic
def remove_member(member: CollectionMember, by: Caller | None, *, confirmed: bool = False) -> None:
    """Take the role from a member.

    Raises ConfirmationMissing for the last owner, whose collection only staff could change then,
    unless that is `confirmed`.
    """
    _keep_an_owner(member, confirmed)
    record_member_change(member, by, before=member.role, after="")
    member.delete()


def _keep_an_owner(member: CollectionMember, confirmed: bool) -> None:
    """The collection's row is locked, so that of two owners who go at once one is asked."""
    collection = Collection.objects.select_for_update(no_key=True).get(pk=member.collection_id)
    owners = collection.members.filter(role=Role.OWNER)
    is_last = owners.filter(pk=member.pk).exists() and owners.count() == 1
    if is_last and not confirmed:
        raise ConfirmationMissing("last_owner", collection=collection.name)


def record_member_change(
    member: CollectionMember, by: Caller | None, *, before: str, after: str
) -> None:
    """Log a change of role that is made elsewhere; no role is empty."""
    who = {"user": member.user.get_username()} if member.user else {"group": str(member.group)}
    roles = {"role_before": str(before), "role_after": str(after)}
    record_event(AuditEvent.Action.MEMBER_CHANGED, by, member.collection, **who, **roles)
