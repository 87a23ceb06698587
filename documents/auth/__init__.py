"""Sign-in of programs: API tokens and the authentication class that reads them."""

from documents.auth.api_tokens import create_token

__all__ = ["create_token"]
