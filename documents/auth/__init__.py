"""Sign-in of programs (API tokens and the class that reads them), and the audit log."""

from documents.auth.api_tokens import create_token
from documents.auth.audit_log import record_event

__all__ = ["create_token", "record_event"]
