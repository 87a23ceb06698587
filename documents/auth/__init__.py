"""Sign-in of programs (API tokens and the class that reads them), access by address, audit log."""

from documents.auth import access
from documents.auth.api_tokens import create_token
from documents.auth.audit_log import record_event

__all__ = ["access", "create_token", "record_event"]
