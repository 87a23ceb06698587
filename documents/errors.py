"""The errors of the domain, each with a message for users."""

from documents.messages import Message, Param


class ReportedError(Exception):
    """A failure that users see: a code of `documents.messages` with its parameters.

    `permanent` is False when another attempt may succeed.
    """

    def __init__(self, code: str, /, *, permanent: bool = True, **params: Param) -> None:
        super().__init__(code)
        self.message = Message(code, params)
        self.permanent = permanent

    def __str__(self) -> str:
        return str(self.message)


class IngestError(ReportedError):
    """A step of ingestion failed. One that is not permanent is retried with growing pauses."""


class IntakeError(ReportedError):
    """An upload that cannot be accepted as it is."""


class QuotaExceeded(IntakeError):
    """An upload that would take its user over what one user may keep."""


class QueueQuotaExceeded(QuotaExceeded):
    """An upload of a user who has too many documents waiting already; try again later."""


class CollectionDeleted(IntakeError):
    """The collection of an upload was deleted before the upload was stored."""


class QueueUnavailable(ReportedError):
    """The database or the broker cannot be reached, so nothing was stored; try again later."""


class StorageFull(QueueUnavailable):
    """The disk has no room for another upload, so nothing was stored."""


class TokenLimitReached(ReportedError):
    """A user has as many tokens as one may have."""


class DrawingError(ReportedError):
    """A page cannot be drawn as a picture."""


class ModelUnavailable(ReportedError):
    """A model can be found nowhere or cannot be loaded."""
