"""What can go wrong on a document's way in, each as one sentence that its owner understands."""

UNEXPECTED = "Something went wrong inside the service. Retry; if it happens again, see its log."


class IngestError(Exception):
    """A step of ingestion failed. What is not permanent is tried again with growing pauses."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent


class IntakeError(Exception):
    """An upload that cannot be accepted as it is."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CollectionDeleted(IntakeError):
    """The collection of an upload was deleted before the upload was stored."""


class QueueUnavailable(Exception):
    """The database or the broker cannot be reached, so nothing was stored; try again later."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ModelUnavailable(Exception):
    """A model can be found nowhere or cannot be loaded."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DrawingError(Exception):
    """A page cannot be drawn as a picture. What is not permanent may work in a minute."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
