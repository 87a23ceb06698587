"""Sign-in of programs (API tokens and the class that reads them), access by address, audit log."""

from documents.auth import access
from documents.auth.api_tokens import create_token, live_tokens, revoke_tokens
from documents.auth.audit_log import delete_old_events, find_events, record_event
from documents.auth.password_change import tokens_kept

__all__ = [
    "access",
    "create_token",
    "delete_old_events",
    "find_events",
    "live_tokens",
    "record_event",
    "revoke_tokens",
    "tokens_kept",
]
