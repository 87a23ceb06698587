"""Work in a few threads, each with its own database connection."""

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import connection

Item = TypeVar("Item")

END = object()


def run_in_threads(items: Iterable[Item], work: Callable[[Item], object], threads: int) -> None:
    """Do `work` for each item; a free thread takes the next one.

    After the first error, or Ctrl-C here, no further item starts; then the error is raised.
    """
    source, taking = iter(items), threading.Lock()
    stop = threading.Event()
    errors: list[BaseException] = []

    def carry() -> None:
        try:
            while not stop.is_set():
                with taking:
                    item = next(source, END)
                if item is END:
                    return
                work(item)  # type: ignore[arg-type]
        except BaseException as error:  # raised again in the caller's thread
            errors.append(error)
            stop.set()
        finally:
            connection.close()

    carriers = [threading.Thread(target=carry, name="evaluate") for _ in range(threads)]
    for carrier in carriers:
        carrier.start()
    try:
        for carrier in carriers:
            carrier.join()
    finally:
        stop.set()
        for carrier in carriers:
            carrier.join()
    if errors:
        raise errors[0]
