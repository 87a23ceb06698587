"""Each test tries passwords as if it were the first."""

import pytest
from django.core.cache import cache

from frontend.account import adapter
from frontend.account.password_gate import PasswordGate


@pytest.fixture(autouse=True)
def no_tries_before(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(adapter, "gate", PasswordGate(1, burst=1000))
