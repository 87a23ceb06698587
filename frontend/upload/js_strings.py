"""The words that the upload script shows."""

from django.utils.translation import gettext as _


def upload_strings(limit_mb: int) -> dict[str, str]:
    """By the name that the script knows them by; states of a file go by their own name."""
    return {
        "waiting": _("Waiting to be sent"),
        "sending": _("Sending"),
        "refused": _("Not taken"),
        "queued": _("Received"),
        "extracting": _("Reading the text"),
        "embedding": _("Embedding"),
        "indexed": _("Can be found"),
        "known": _("Was already there"),
        "failed": _("Could not be read"),
        "tooLarge": _("The file is larger than %(mb)d MB, the most that is taken.")
        % {"mb": limit_mb},
        "offline": _("The connection was lost. Try again when it is back."),
        "signedOut": _("The server did not take the file. Sign in again, then try once more."),
        "gone": _("The document was deleted meanwhile."),
        "again": _("Try again"),
        "find": _("Search it"),
        "open": _("Open"),
        "of": _("of"),
        "canBeFound": _("can be found"),
        "notTaken": _("not taken"),
    }
