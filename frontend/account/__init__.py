"""Sign-in, account page, second factor, sessions, tokens; and the guard of dangerous acts."""

from frontend.account.reauthentication import reauthentication_required

__all__ = ["reauthentication_required"]
