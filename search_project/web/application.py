"""Django behind ASGI: no thread waits for a client, and a fixed number of them run the views.

    body is read (event loop) → middleware and view (a thread) → answer is sent (event loop)

A body of more than FORM_BYTES is read only after `UploadLimitMiddleware`, asked with the headers
alone, has allowed its length.
"""

import asyncio
import io
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, cast

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from documents.upload_limits import FORM_BYTES, UploadAllowed
from search_project.servers.die_with_parent import die_with_parent
from search_project.web import SERVER_PID
from search_project.web.request_body import BodyTooSlow, ClientGone, Receive, RequestBody

logger = logging.getLogger(__name__)

Scope = Mapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

# More than this of a body is kept in a file, so that many slow uploads take no memory.
MEMORY_BYTES = 64 * 1024
# Requests that may wait for each thread; more are refused at once.
WAITING_PER_THREAD = 32
RETRY_SECONDS = "5"
# Whoever asks too often is told so late: a flood then waits for its answers, and takes no thread.
REFUSAL_SECONDS = 1.0


class WebApplication(ASGIHandler):
    """`startup` runs in each web process before its first request."""

    def __init__(self, startup: Callable[[], None]) -> None:
        super().__init__()
        self._startup = startup
        self._threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="web")
        self._pending = 0
        self._long_bodies: set[RequestBody] = set()

    def load_middleware(self, is_async: bool = False) -> None:
        """The synchronous chain, so that a request changes threads once and not at each link."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        with SpooledTemporaryFile(MEMORY_BYTES, dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            body = RequestBody(receive, dict(scope["headers"]), file)
            try:
                refusal = await self._read_allowed(scope, body)
            except ClientGone:
                return
            except BodyTooSlow:
                refusal = _problem(408, "The request takes too long to arrive.")
            if refusal is not None:
                refusal.headers["Connection"] = "close"
                await self._send_answer(scope, refusal, send)
                return
            # Whatever comes after the body is the end of the connection.
            leaving = asyncio.ensure_future(receive())
            try:
                response = await self._in_thread(self._answer, scope, body, leaving=leaving)
                if response is not None:
                    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                        await asyncio.sleep(REFUSAL_SECONDS)
                    await self._send_answer(scope, response, send, leaving.done)
            finally:
                leaving.cancel()

    async def _live(self, receive: Receive, send: Send) -> None:
        """The life of a process: it ends with the server that started it."""
        die_with_parent("KILL")
        if os.environ.get(SERVER_PID, "") != str(os.getppid()):
            raise SystemExit("The web server has died meanwhile.")
        await receive()
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._startup)
        except Exception:
            logger.exception("The web server cannot start.")
            await send({"type": "lifespan.startup.failed"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._threads.shutdown(wait=False)
        await send({"type": "lifespan.shutdown.complete"})

    async def _read_allowed(self, scope: Scope, body: RequestBody) -> HttpResponseBase | None:
        """Read the whole body, or say why it is not read."""
        most = FORM_BYTES
        try:
            while not await body.read(most):
                answer = await self._in_thread(self._answer, scope, body)
                if not isinstance(answer, UploadAllowed):
                    return answer
                most = body.allowed = answer.most
                self._long_bodies.add(body)
        finally:
            self._long_bodies.discard(body)
        return None

    async def _in_thread(
        self,
        work: Callable[..., HttpResponseBase],
        *arguments: Any,
        leaving: "asyncio.Future[Any] | None" = None,
    ) -> HttpResponseBase | None:
        """What `work` returns; None if the client has left before a thread was free."""
        if self._pending >= settings.WEB_THREADS * (1 + WAITING_PER_THREAD):
            busy = _problem(503, "Too many requests are waiting. Try again in a few seconds.")
            busy.headers["Retry-After"] = RETRY_SECONDS
            return busy
        self._pending += 1
        future = self._threads.submit(copy_context().run, work, *arguments)
        if leaving is not None:
            leaving.add_done_callback(lambda _: future.cancel())
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if future.cancelled():
                return None
            raise
        finally:
            self._pending -= 1

    def _answer(self, scope: Scope, body: RequestBody) -> HttpResponseBase:
        """The whole of Django, signals included, in one thread. Where the body is not complete, it
        answers to the headers and to what is known of the body's length."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        stream = body.file if body.is_complete else io.BytesIO()
        request, problem = self.create_request(scope, stream)
        if request is None:
            response = cast(HttpResponseBase, problem)
        elif body.is_complete:
            request.META["CONTENT_LENGTH"] = str(body.received)  # which may come unannounced
            response = self.get_response(request)
        else:
            request.unread_length = body.length  # type: ignore[attr-defined]
            others = self._long_bodies - {body}
            request.arriving_bytes = sum(one.arriving for one in others)  # type: ignore[attr-defined]
            response = self.get_response(request)
        response._handler_class = type(self)  # type: ignore[attr-defined]
        if isinstance(response, FileResponse):
            return response
        if response.streaming:  # what it reads from the database, it reads in this thread
            response = _whole(response)
        response.close()
        return response

    async def _send_answer(
        self,
        scope: Scope,
        response: HttpResponseBase,
        send: Send,
        is_gone: Callable[[], bool] = lambda: False,
    ) -> None:
        if isinstance(response, FileResponse):
            blocks = iter(()) if scope["method"] == "HEAD" else iter(response)
            response.streaming_content = _file_blocks(blocks, is_gone)
        try:
            await self.send_response(response, send)
        finally:
            if response.streaming:
                await asyncio.to_thread(response.close)


async def _file_blocks(
    blocks: Iterator[bytes], is_gone: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """Block by block, as fast as the client takes them, until it has gone."""
    while not is_gone() and (block := await asyncio.to_thread(next, blocks, b"")):
        yield block


def _whole(response: HttpResponseBase) -> HttpResponse:
    whole = HttpResponse(b"".join(response), status=response.status_code, headers=response.headers)
    whole.cookies = response.cookies
    whole._resource_closers = response._resource_closers  # type: ignore[attr-defined]
    whole._handler_class = response._handler_class  # type: ignore[attr-defined]
    return whole


def _problem(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)
