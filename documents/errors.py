"""What can go wrong, each with a message for the people whom it concerns."""

from documents.messages import Message, Param


class ReportedError(Exception):
    """A failure that people are told of: a code of `documents.messages` with its parameters.

    What is not permanent may work when it is tried again.
    """

    def __init__(self, code: str, /, *, permanent: bool = True, **params: Param) -> None:
        super().__init__(code)
        self.message = Message(code, params)
        self.permanent = permanent

    def __str__(self) -> str:
        return str(self.message)


class IngestError(ReportedError):
    """A step of ingestion failed. What is not permanent is tried again with growing pauses."""


class IntakeError(ReportedError):
    """An upload that cannot be accepted as it is."""


class CollectionDeleted(IntakeError):
    """The collection of an upload was deleted before the upload was stored."""


class ConfirmationMissing(ReportedError):
    """An act that needs a word of consent, and nothing was done without it."""


class QueueUnavailable(ReportedError):
    """The database or the broker cannot be reached, so nothing was stored; try again later."""


class DrawingError(ReportedError):
    """A page cannot be drawn as a picture."""


class ModelUnavailable(ReportedError):
    """A model can be found nowhere or cannot be loaded."""
