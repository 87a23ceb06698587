"""Guessing is slowed; nobody is locked out of an account by a stranger."""

import logging
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from documents.models import AuditEvent
from frontend.account import adapter, throttle
from frontend.account.throttle import ACCOUNT, ADDRESS, DEVICE, PAIR, PasswordTry

PASSWORD, WRONG = "lantern-night", "guess"
HOME, STRANGER = "192.0.2.1", "198.51.100.9"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`clock(seconds)` lets them pass."""
    passed = [0.0]
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + passed[0])

    def later(seconds: float) -> None:
        passed[0] += seconds

    return later


def attempt(
    client: Client, password: str = WRONG, address: str = STRANGER, name: str = "ada"
) -> Any:
    sent = {"login": name, "password": password}
    return client.post("/account/login/", sent, REMOTE_ADDR=address)


def exhaust(address: str = STRANGER, name: str = "ada", failures: int = PAIR.free) -> None:
    for _ in range(failures):
        assert attempt(Client(), address=address, name=name).status_code == 200


@pytest.mark.parametrize(
    ("failures", "wait"), [(4, 0), (5, 1), (6, 2), (9, 16), (14, 512), (15, 900), (5000, 900)]
)
def test_the_wait_doubles_from_one_second_to_a_quarter_of_an_hour(failures: int, wait: int) -> None:
    assert PAIR.wait_after(failures) == wait


def test_after_free_failures_even_the_right_password_must_wait(
    anyone: Client, ada: User, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    exhaust()
    with caplog.at_level(logging.WARNING, "frontend.account.adapter"):
        refused = attempt(anyone, PASSWORD)
    assert refused.status_code == 429 and b"Wait a moment" in refused.content
    assert 1 <= int(refused.headers["Retry-After"]) <= 2
    assert STRANGER in caplog.text and PASSWORD not in caplog.text
    clock(2)
    assert attempt(anyone, PASSWORD).status_code == 302


def test_what_is_refused_is_neither_hashed_nor_written(
    anyone: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhaust()
    written = AuditEvent.objects.count()
    monkeypatch.setattr(User, "check_password", None)
    assert attempt(anyone).status_code == 429
    assert AuditEvent.objects.count() == written


def test_an_unknown_name_is_limited_as_a_known_one(anyone: Client, ada: User) -> None:
    exhaust(name="eve")
    assert attempt(anyone, name="eve").status_code == 429


def test_a_stranger_does_not_keep_a_user_out_at_another_address(anyone: Client, ada: User) -> None:
    exhaust(STRANGER)
    assert attempt(anyone, PASSWORD, STRANGER).status_code == 429
    assert attempt(anyone, PASSWORD, HOME).status_code == 302


def test_a_session_goes_on_while_strangers_guess(anyone: Client, ada: User) -> None:
    attempt(anyone, PASSWORD, HOME)
    exhaust(HOME)
    assert attempt(Client(), PASSWORD, HOME).status_code == 429
    assert anyone.get("/account/", REMOTE_ADDR=HOME).status_code == 200


def test_a_known_browser_gets_in_from_an_address_that_is_used_up(anyone: Client, ada: User) -> None:
    attempt(anyone, PASSWORD, HOME)
    anyone.post("/account/logout/", REMOTE_ADDR=HOME)
    exhaust(HOME)
    assert attempt(Client(), PASSWORD, HOME).status_code == 429
    assert attempt(anyone, PASSWORD, HOME).status_code == 302


def test_a_known_browser_is_limited_too(anyone: Client, ada: User) -> None:
    attempt(anyone, PASSWORD)
    anyone.post("/account/logout/")
    for _ in range(DEVICE.free):
        assert attempt(anyone).status_code == 200
    assert attempt(anyone, PASSWORD).status_code == 429


def test_a_browser_known_to_one_account_is_a_stranger_to_others(anyone: Client, ada: User) -> None:
    User.objects.create_user("bob", password="harbour-in-the-fog")
    attempt(anyone, PASSWORD)
    anyone.post("/account/logout/")
    exhaust(name="bob")
    assert attempt(anyone, name="bob").status_code == 429


def test_one_address_that_tries_many_accounts_must_wait(anyone: Client, ada: User) -> None:
    for number in range(ADDRESS.free):
        attempt(anyone, name=f"user{number}")
    assert attempt(anyone, PASSWORD).status_code == 429
    assert attempt(anyone, PASSWORD, HOME).status_code == 302


def test_the_addresses_of_one_ipv6_network_count_as_one(anyone: Client, ada: User) -> None:
    for number in range(PAIR.free):
        attempt(anyone, address=f"2001:db8:1:2::{number + 1:x}")
    assert attempt(anyone, address="2001:db8:1:2:ffff::1").status_code == 429
    assert attempt(anyone, address="2001:db8:1:3::1").status_code == 200


def test_many_addresses_that_try_one_account_only_slow_it(db: None, clock: Any) -> None:
    for number in range(ACCOUNT.free + 20):
        waited = throttle.count_failure(PasswordTry("ada", f"198.51.100.{number}"))
    assert waited == ACCOUNT.longest_s
    assert throttle.seconds_to_wait(PasswordTry("ada", HOME)) > 0
    assert throttle.seconds_to_wait(PasswordTry("ada", HOME, device="known")) == 0
    clock(ACCOUNT.longest_s + 1)
    assert throttle.seconds_to_wait(PasswordTry("ada", HOME)) == 0


def test_success_forgets_the_failures_of_the_account_but_not_of_the_address(
    anyone: Client, ada: User
) -> None:
    for _ in range(6):
        exhaust(failures=PAIR.free - 2)
        assert attempt(Client(), PASSWORD).status_code == 302
    for number in range(ADDRESS.free - 18):
        attempt(anyone, name=f"user{number}")
    assert attempt(anyone, PASSWORD).status_code == 429


def test_a_refusal_of_the_gate_is_a_429_with_a_time(anyone: Client, ada: User) -> None:
    with adapter.gate._strangers, adapter.gate._strangers:
        refused = attempt(anyone, PASSWORD)
        assert refused.status_code == 429 and refused.headers["Retry-After"] == "3"
    assert attempt(anyone, PASSWORD).status_code == 302


def test_passwords_are_limited_without_a_cache_by_the_gate_alone(
    anyone: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis.exceptions import ConnectionError as Gone

    def gone(*args: Any, **kwargs: Any) -> None:
        raise Gone

    for name in ("get_many", "add", "incr", "set", "touch", "delete_many", "get"):
        monkeypatch.setattr(cache, name, gone, raising=False)
    assert attempt(anyone).status_code == 200
    assert attempt(anyone, PASSWORD).status_code == 302


def test_who_confirms_is_limited_as_who_signs_in(as_ada: Client, ada: User) -> None:
    for _ in range(PAIR.free):
        as_ada.post("/account/confirm/", {"password": "guess"})
    assert as_ada.post("/account/confirm/", {"password": PASSWORD}).status_code == 429


def test_who_changes_the_password_is_limited_as_who_signs_in(as_ada: Client, ada: User) -> None:
    def change(old: str) -> int:
        new = {"password1": "moonlit-harbour", "password2": "moonlit-harbour"}
        return as_ada.post("/account/password/", {"oldpassword": old, **new}).status_code

    assert change("guess") == 200
    assert AuditEvent.objects.get(action="sign_in_failed").details == {"reason": "password"}
    for _ in range(PAIR.free - 1):
        as_ada.post("/account/confirm/", {"password": "guess"})
    assert change(PASSWORD) == 429
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
