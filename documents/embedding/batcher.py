"""Batches of the encoder that the callers of many threads share.

One thread runs the encoder. While it is busy, texts queue up. Each batch takes the oldest
waiting text and those nearest to it in length: no caller starves, and little is padded. A lone
caller never waits for others.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

BATCH_TEXTS = 32
# Lengths are in characters, of which a token has about four: counting tokens costs as much as all
# else that is done with a passage, and the encoder counts them again.
BATCH_CHARACTERS = 4 * 8192
# A text may be padded to at most this many times its length, beyond a few tokens.
PADDING = 1.25
PADDING_FREE = 4 * 8


@dataclass(eq=False)
class _Order:
    """The texts of one call; done when the last of them is encoded."""

    kind: str
    texts: Sequence[str]
    result: Future[list[Any]]
    left: int
    rows: list[Any] = field(default_factory=list)


@dataclass
class _Item:
    order: _Order
    row: int
    length: int


class Batcher:
    """`encode(texts, kind)` runs one batch and returns something for each of its texts."""

    def __init__(self, encode: Callable[[Sequence[str], str], Sequence[Any]]) -> None:
        self._encode_batch = encode
        self._waiting: list[_Item] = []
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None

    def encode(self, texts: Sequence[str], kind: str) -> list[Any]:
        """What the encoder returns for each of `texts`, which must not be empty, in their order.
        Raises what the encoder raises."""
        order = _Order(kind, texts, Future(), len(texts), [None] * len(texts))
        items = [_Item(order, row, len(text)) for row, text in enumerate(texts)]
        with self._condition:
            self._start()
            self._waiting.extend(items)
            self._condition.notify()
        return order.result.result()

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._waiting:
                    self._condition.wait()
                batch = self._take()
            self._finish(batch)

    def _take(self) -> list[_Item]:
        """The oldest waiting item and its nearest in length, removed from those waiting."""
        oldest = self._waiting[0]
        alike = [item for item in self._waiting if item.order.kind == oldest.order.kind]
        alike.sort(key=lambda item: abs(item.length - oldest.length))
        batch: list[_Item] = []
        shortest = longest = oldest.length
        for item in alike[:BATCH_TEXTS]:
            shortest, longest = min(shortest, item.length), max(longest, item.length)
            if batch and (
                longest > shortest * PADDING + PADDING_FREE
                or longest * (len(batch) + 1) > BATCH_CHARACTERS
            ):
                break
            batch.append(item)
        taken = set(map(id, batch))
        self._waiting = [item for item in self._waiting if id(item) not in taken]
        return batch

    def _finish(self, batch: list[_Item]) -> None:
        try:
            rows = self._encode_batch(
                [item.order.texts[item.row] for item in batch], batch[0].order.kind
            )
        except BaseException as error:  # reported to every caller; this thread must live on
            self._fail(list({id(item.order): item.order for item in batch}.values()), error)
            return
        for item, row in zip(batch, rows, strict=True):
            order = item.order
            order.rows[item.row] = row
            order.left -= 1
            if order.left == 0 and not order.result.done():
                order.result.set_result(order.rows)

    def _fail(self, failed: "list[_Order]", error: BaseException) -> None:
        with self._condition:
            self._waiting = [item for item in self._waiting if item.order not in failed]
        for order in failed:
            if not order.result.done():
                order.result.set_exception(error)
