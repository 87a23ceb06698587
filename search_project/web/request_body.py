"""The body of a request, read without a thread and kept on disk, from clients of any speed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any

from django.conf import settings

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class ClientGone(Exception):
    """The client has closed the connection before its request was complete."""


class BodyTooSlow(Exception):
    """The client sends nothing for too long, or less than the slowest rate that is served."""


class RequestBody:
    """Reads a body as far as it is asked to; `file` takes what comes.

    A pause of REQUEST_TIMEOUT_S ends the reading, and so does an average rate below
    UPLOAD_MIN_BYTES_S, counted once REQUEST_TIMEOUT_S has passed.
    """

    def __init__(self, receive: Receive, headers: Mapping[bytes, bytes], file: IO[bytes]) -> None:
        self.file = file
        self._receive = receive
        self._started = time.monotonic()
        self.is_complete = False
        self.received = 0
        self.allowed = 0
        length = headers.get(b"content-length", b"")
        self.announced = int(length) if length.isdigit() else 0

    @property
    def length(self) -> int:
        """In bytes, at least: what is announced, or has come."""
        return max(self.announced, self.received)

    @property
    def arriving(self) -> int:
        """How many bytes it may still bring."""
        if self.is_complete:
            return 0
        return max(0, min(self.allowed, self.announced or self.allowed) - self.received)

    async def read(self, most: int) -> bool:
        """Read to the end, or, of a body of more than `most` bytes, only until that is known.

        Whether the end was reached. Raises ClientGone and BodyTooSlow.
        """
        self.allowed = most
        while not self.is_complete and self.length <= most:
            message = await self._next_message()
            if message["type"] == "http.disconnect":
                raise ClientGone
            data = message.get("body", b"")
            self.file.write(data)
            self.received += len(data)
            self.is_complete = not message.get("more_body", False)
        if self.is_complete:
            self.file.seek(0)
        return self.is_complete

    async def _next_message(self) -> Mapping[str, Any]:
        pause = settings.REQUEST_TIMEOUT_S
        due = self._started + pause + self.received / settings.UPLOAD_MIN_BYTES_S
        try:
            async with asyncio.timeout(min(pause, due - time.monotonic())):
                return await self._receive()
        except TimeoutError as error:
            raise BodyTooSlow from error
