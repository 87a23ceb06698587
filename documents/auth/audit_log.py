"""Writing of the audit log."""

import logging
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model

from documents.models import AuditEvent
from documents.request_context import request_context

logger = logging.getLogger(__name__)


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
