"""Hashes are Django's, computed where they hold up nothing else."""

import os
import sys
import threading

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from frontend.account.password_hasher import NICENESS, LowPriorityPBKDF2PasswordHasher, _threads


def test_a_hash_is_the_one_that_django_makes() -> None:
    ours, django = LowPriorityPBKDF2PasswordHasher(), PBKDF2PasswordHasher()
    hashed = ours.encode("lantern-night", "salt", 1000)
    assert hashed == django.encode("lantern-night", "salt", 1000)
    assert ours.verify("lantern-night", hashed) and not ours.verify("guess", hashed)
    assert ours.iterations >= 600_000  # what OWASP asks of PBKDF2 with SHA-256


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has a priority for each thread.")
def test_hashes_give_way_to_searches() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert _threads().submit(niceness).result() >= NICENESS > niceness()
