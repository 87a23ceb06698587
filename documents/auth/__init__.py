"""Sign-in of programs (API tokens and the class that reads them), and the audit log."""

from documents.auth.api_tokens import create_token
from documents.auth.audit_log import delete_old_events, find_events, record_event

__all__ = ["create_token", "delete_old_events", "find_events", "record_event"]
