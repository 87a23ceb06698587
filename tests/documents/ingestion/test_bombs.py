"""Files made to take long hold up their sender alone."""

import time
from typing import Any

import pytest
import requests

from documents.extraction import extractor
from tests.documents.bombs import pdf_bomb
from tests.live import LiveStack

pytestmark = pytest.mark.processes

MAKE_USER = "from django.contrib.auth import get_user_model as m; m().objects.create_user({name!r})"


def test_a_small_file_has_little_time_and_a_large_one_more(settings: Any) -> None:
    assert len(pdf_bomb(1000)) < 4000
    assert extractor.seconds_for(4000) <= 91
    assert extractor.seconds_for(8 << 20) > extractor.seconds_for(4000)
    assert extractor.seconds_for(1 << 40) == settings.EXTRACTION_TIMEOUT_S == 300


@pytest.mark.timeout(200)
def test_six_bombs_hold_up_another_users_text_by_seconds_only(live_stack: LiveStack) -> None:
    attacker, other = (signed_in(live_stack, name) for name in ("bomber", "reader"))
    address = f"{live_stack.url}/api/v1/documents"
    assert indexed_after(live_stack, other, "before") < 30
    for number in range(6):
        bomb = pdf_bomb(1000, f"{number}")
        sent = requests.post(
            address, headers=attacker, files={"file": (f"{number}.pdf", bomb)}, timeout=20
        )
        assert sent.status_code == 202, sent.text
    # Each by itself keeps a reader busy until its time or its memory runs out.
    assert indexed_after(live_stack, other, "after") < 30


def signed_in(stack: LiveStack, name: str) -> dict[str, str]:
    stack.manage("shell", "-c", MAKE_USER.format(name=name))
    return {"Authorization": f"Bearer {stack.manage('token', name).stdout.strip()}"}


def indexed_after(stack: LiveStack, headers: dict[str, str], title: str) -> float:
    started = time.monotonic()
    sent = requests.post(
        f"{stack.url}/api/v1/documents", headers=headers, timeout=20,
        json={"title": title, "text": f"Neap tides are weak, {title} and always."},
    )  # fmt: skip
    stack.wait_for_state(sent.json()["id"], "indexed")
    print(f"{title}: {time.monotonic() - started:.1f} s")
    return time.monotonic() - started
