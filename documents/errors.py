"""What can go wrong, each with a message for the people whom it concerns."""

from dataclasses import dataclass
from typing import Any

from documents.messages import SENTENCES, Message, Param, placeholders


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


class QueueUnavailable(ReportedError):
    """The database or the broker cannot be reached, so nothing was stored; try again later."""


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
