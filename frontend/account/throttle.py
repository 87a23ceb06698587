"""How often a password may be tried, so that guessing is hopeless and nobody is locked out.

Failures are counted under three names, each with some free tries and then a wait that doubles:

- account and address together: the person who mistypes, and the stranger who guesses;
- the address (of IPv6 its /64 network): one machine that tries many accounts;
- the account: many machines that try one account. This wait is short, so it slows and never locks.

A browser in which the account has signed in before is known by a signed cookie, as OWASP's "device
cookies" have it: its tries are counted apart, so no stranger's failures, not even from the same
address, keep its user out. Sessions that exist go on in any case.

The counts live in the cache, which the web processes share. An attacker's entries are those used
last, so they are the last to make room. Without the cache only `password_gate` limits.
"""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

REMEMBERED_S = 3600


@dataclass(frozen=True)
class Limit:
    """After `free` failures the wait is 1 s, doubled by each further failure up to `longest_s`."""

    name: str
    free: int
    longest_s: int

    def wait_after(self, failures: int) -> int:
        over = failures - self.free
        return 0 if over < 0 else min(2 ** min(over, 20), self.longest_s)


DEVICE = Limit("device", free=10, longest_s=60)
PAIR = Limit("pair", free=5, longest_s=900)
ADDRESS = Limit("address", free=20, longest_s=300)
ACCOUNT = Limit("account", free=50, longest_s=30)


@dataclass(frozen=True)
class PasswordTry:
    """Who tries (`network` is the address or its /64), which account, and in which known browser,
    if the account has signed in there before."""

    username: str
    network: str
    device: str = ""

    def counters(self) -> list[tuple[Limit, str]]:
        account = self.username.casefold()
        if self.device:
            return [(DEVICE, f"{account} {self.device}")]
        return [(PAIR, f"{account} {self.network}"), (ADDRESS, self.network), (ACCOUNT, account)]


def seconds_to_wait(attempt: PasswordTry) -> int:
    """Until this try may be made; 0 when it may be made now."""
    keys = [_key(limit, what, "until") for limit, what in attempt.counters()]
    try:
        untils = cache.get_many(keys).values()
    except RedisError:
        return 0
    return max(0, *(int(until - time.time()) + 1 for until in untils)) if untils else 0


def count_failure(attempt: PasswordTry) -> int:
    """Count it under each name; the seconds that the next try now has to wait."""
    waits = [0]
    with suppress(RedisError):
        for limit, what in attempt.counters():
            wait = limit.wait_after(_increment(_key(limit, what, "failures")))
            if wait:
                cache.set(_key(limit, what, "until"), int(time.time()) + wait, wait)
            waits.append(wait)
    return max(waits)


def forget_failures(attempt: PasswordTry) -> None:
    """After a success: of this account here, not of the address, which may guess others' too."""
    with suppress(RedisError):
        for limit, what in attempt.counters():
            if limit in (DEVICE, PAIR):
                cache.delete_many([_key(limit, what, "failures"), _key(limit, what, "until")])


def _increment(key: str) -> int:
    cache.add(key, 0, REMEMBERED_S)
    try:
        count = cache.incr(key)
    except ValueError:  # it made room in between
        return 1
    cache.touch(key, REMEMBERED_S)
    return count


def _key(limit: Limit, what: str, kind: str) -> str:
    return f"password:{limit.name}:{kind}:{hashlib.sha256(what.encode()).hexdigest()}"
