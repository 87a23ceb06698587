"""The translated texts of the upload script."""

from django.utils.translation import gettext as _

from documents.models import Document


def upload_strings(limit_mb: int) -> dict[str, str]:
    """The texts by the names used in the script; those of states by the names of the states."""
    return {
        "waiting": _("Waiting to be sent"),
        "sending": _("Sending"),
        "rejected": _("Rejected"),
        **{state.value: str(state.label) for state in Document.State},
        "duplicate": _("Duplicate"),
        "restored": _("Restored"),
        "tooLarge": _("The file is larger than %(mb)d MB, the limit.") % {"mb": limit_mb},
        "offline": _("The connection was lost. Try again when it is back."),
        "signedOut": _("The server did not take the file. Sign in again, then try once more."),
        "gone": _("The document was deleted meanwhile."),
        "again": _("Try again"),
        "find": _("Search it"),
        "open": _("Open"),
        "of": _("of"),
        "countIndexed": _("indexed"),
        "countFailed": _("failed"),
        "countRejected": _("rejected"),
    }
