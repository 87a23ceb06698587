"""The errors of the domain, each with a message for users."""

from dataclasses import dataclass
from typing import Any

from documents.messages import SENTENCES, Message, Param, placeholders


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


class ConfirmationMissing(ReportedError):
    """An act that needs a word of consent, and nothing was done without it."""


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


@dataclass(frozen=True)
class Failure:
    """A ReportedError on its way from a process that is not trusted."""

    kind: str
    message: dict[str, Any]
    permanent: bool

    @classmethod
    def of(cls, error: ReportedError) -> "Failure":
        return cls(type(error).__name__, error.message.as_json(), error.permanent)

    def error(self) -> ReportedError:
        """As it was raised; an internal error where it says nothing that the product could say."""
        kind = DrawingError if self.kind == "DrawingError" else IngestError
        try:
            message = Message.from_json(self.message)
            if placeholders(SENTENCES[message.code]) <= message.params.keys():
                return kind(message.code, permanent=self.permanent, **message.params)
        except (KeyError, TypeError, AttributeError):
            pass
        return kind("internal_error", permanent=False)
