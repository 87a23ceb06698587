"""The members of a collection, each change in the audit log."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from documents.auth import record_event
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
def change_member(member: CollectionMember, role: Role | str, by: Caller | None) -> None:
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    if before != role:
        record_member_change(member, by, before=before, after=role)


@transaction.atomic
def remove_member(member: CollectionMember, by: Caller | None) -> None:
    record_member_change(member, by, before=member.role, after="")
    member.delete()


def record_member_change(
    member: CollectionMember, by: Caller | None, *, before: str, after: str
) -> None:
    """Log a change of role that is made elsewhere; no role is empty."""
    who = {"user": member.user.get_username()} if member.user else {"group": str(member.group)}
    roles = {"role_before": str(before), "role_after": str(after)}
    record_event(AuditEvent.Action.MEMBER_CHANGED, by, member.collection, **who, **roles)
