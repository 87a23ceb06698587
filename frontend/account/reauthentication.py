"""Asking once more who it is, before an act that a borrowed browser must not do."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account import decorators
from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def reauthentication_required(view: View) -> View:
    """Let a view change something only when its user has given the password, or a code of the
    second factor, within the last REAUTHENTICATION_MINUTES; being signed in is not enough.

    Else a POST is kept, the page that asks is shown, and the POST goes on from there. A GET is let
    through, since it changes nothing. Put it below `login_required`, or around the part of a view
    that is dangerous. A form with files cannot be
    kept: guard the page before it.
    """
    guarded: Any = decorators.reauthentication_required(view, allow_get=True)
    return guarded  # type: ignore[no-any-return]
