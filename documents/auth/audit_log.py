"""The audit log: adding an event, finding events, and deleting those kept long enough."""

import logging
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from documents.models import AuditEvent
from documents.request_context import request_context

logger = logging.getLogger(__name__)

# The trigger that keeps the log append-only lets rows go that are older than this variable says.
KEPT_FROM = "lantern.audit_kept_from"


def record_event(
    action: AuditEvent.Action,
    actor: AbstractBaseUser | AnonymousUser | None,
    target: Model | None = None,
    *,
    actor_name: str = "",
    **details: Any,
) -> AuditEvent:
    """Add one event, in the transaction of the act itself, and log it.

    `actor` is None for the installation itself (a command, a schedule). `actor_name` is for names
    without an account, as in a failed sign-in. `details` must be JSON.
    """
    user = actor if actor is not None and actor.is_authenticated else None
    context = request_context()
    event = AuditEvent.objects.create(
        action=action,
        actor_id=user.pk if user else None,
        actor_name=(user.get_username() if user else actor_name)[:150],
        address=context.address,
        request_id=context.request_id,
        target_type=target._meta.model_name or "" if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_name=str(target)[:500] if target is not None else "",
        details=details,
    )
    logger.info(
        "audit %s by=%s from=%s request=%s target=%s:%s",
        action, event.actor_name or "-", event.address or "-", event.request_id or "-",
        event.target_type or "-", event.target_id or "-",
    )  # fmt: skip
    return event


def find_events(
    *,
    action: str = "",
    actor: str = "",
    since: date | None = None,
    until: date | None = None,
    text: str = "",
) -> QuerySet[AuditEvent]:
    """Events that fit everything given, newest first.

    `actor` is a whole user name in any case; `since` and `until` are days of the current time
    zone, both included; `text` is part of a target's name or id, of an address or a request id.
    """
    found = AuditEvent.objects.all()
    if action:
        found = found.filter(action=action)
    if actor:
        found = found.filter(actor_name__iexact=actor)
    if since:
        found = found.filter(at__gte=_start_of(since))
    if until:
        found = found.filter(at__lt=_start_of(until + timedelta(days=1)))
    if text:
        columns = ("target_name", "target_id", "address", "request_id")
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": text})
        found = found.filter(anywhere)
    return found


def delete_old_events() -> int:
    """Delete events older than AUDIT_LOG_DAYS. Returns how many."""
    kept_from = timezone.now() - timedelta(days=settings.AUDIT_LOG_DAYS)
    with transaction.atomic():
        _let_go(kept_from.isoformat())
        count, _ = AuditEvent.objects.filter(at__lt=kept_from).delete()
        _let_go("")
    return count


def _let_go(before: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [KEPT_FROM, before])


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
