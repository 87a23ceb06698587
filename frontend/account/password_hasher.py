"""Passwords are hashed in threads of low priority: searches go first, also during a flood."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

# Beside a thread of normal priority, one of this niceness gets a tenth of the core they share.
NICENESS = 10


class LowPriorityPBKDF2PasswordHasher(PBKDF2PasswordHasher):
    """Django's own, with the same hashes; at most PASSWORD_CHECKS of them are computed at once."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _threads().submit(super().encode, password, salt, iterations).result()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.PASSWORD_CHECKS, "password", _lower_priority)


def _lower_priority() -> None:
    """Only Linux has a priority for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
