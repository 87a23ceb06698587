"""What is taken from the hub: the pinned revision, and no file that could run code.

The hub is a small server on this machine that answers as the real one does.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from documents.embedding import hub_models, locate_model, model_files
from documents.embedding.hub_models import PINNED, HubModel
from documents.errors import ModelUnavailable
from search_project.data_dir import BASE_DIR

pytestmark = pytest.mark.model

OLD, NEW = "a" * 40, "b" * 40
SAFE = ["config.json", "modules.json", "model.safetensors", "vocab.txt"]
RISKY = ["pytorch_model.bin", "modeling_own.py", "weights.ckpt", "onnx/model.onnx"]
REPOSITORIES = {"lab/safe": [*SAFE, *RISKY], "lab/pickled": ["config.json", "pytorch_model.bin"]}


class Hub(BaseHTTPRequestHandler):
    """Two repositories, in each an old and a new commit; every file says which it is of."""

    asked: list[str]

    def do_GET(self) -> None:
        parts = self.path.partition("?")[0].strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            name, revision = "/".join(parts[2:4]), parts[5] if len(parts) > 5 else "main"
            self.tell(self.facts(name, revision, tree="tree" in parts))
        elif len(parts) < 3:
            self.tell(b"")
        elif parts[2] == "resolve":
            self.asked.append("/".join(parts[3:]))
            self.tell(f"{parts[3]} {'/'.join(parts[4:])}".encode(), commit=parts[3])

    do_HEAD = do_GET

    def facts(self, name: str, revision: str, *, tree: bool) -> bytes:
        commit = NEW if revision == "main" else revision
        if tree:
            listed = [
                {"type": "file", "path": f, "size": 1, "oid": "0" * 40} for f in REPOSITORIES[name]
            ]
            return json.dumps(listed).encode()
        siblings = [{"rfilename": file} for file in REPOSITORIES[name]]
        return json.dumps(
            {"id": name, "modelId": name, "sha": commit, "siblings": siblings}
        ).encode()

    def tell(self, body: bytes, commit: str = "") -> None:
        self.send_response(200)
        if commit:
            self.send_header("X-Repo-Commit", commit)
            self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')  # noqa: S324
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[ThreadingHTTPServer]:
    Hub.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def located(hub: ThreadingHTTPServer, name: str, home: Path, **more: str) -> tuple[Path, str]:
    """The folder of the model, and what was logged, in a process that sees that hub alone."""
    code = f"""
import os, sys, logging
logging.basicConfig()
import django; django.setup()
from documents.embedding import locate_model, ModelUnavailable
try:
    print(locate_model({name!r}))
except ModelUnavailable as error:
    print(error)
"""
    env = os.environ | {
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_address[1]}", "HF_HOME": str(home),
        "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", **more,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip()), done.stderr


def test_the_named_revision_is_taken_and_no_file_that_can_run_code(
    hub: ThreadingHTTPServer, tmp_path: Path
) -> None:
    folder, logged = located(hub, f"lab/safe@{OLD}", tmp_path)
    files = sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())
    assert files == sorted(SAFE)
    assert (folder / "config.json").read_text() == f"{OLD} config.json"
    assert not [path for path in Hub.asked if path.endswith(tuple(RISKY))]
    assert "not pinned" not in logged
    hub.shutdown()
    away = located(hub, f"lab/safe@{OLD}", tmp_path, HF_HUB_OFFLINE="1")[0]
    assert away == folder  # from the cache
    elsewhere = located(hub, f"lab/safe@{NEW}", tmp_path, HF_HUB_OFFLINE="1")[0]
    assert "is not on this machine" in str(elsewhere)


def test_a_model_without_a_revision_is_taken_with_a_warning_that_names_it(
    hub: ThreadingHTTPServer, tmp_path: Path
) -> None:
    folder, logged = located(hub, "lab/safe", tmp_path)
    assert folder.name == NEW
    assert "lab/safe is not pinned" in logged and f"name it lab/safe@{NEW}" in logged


def test_a_branch_is_no_pin(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    assert "lab/safe is not pinned" in located(hub, "lab/safe@main", tmp_path)[1]


def test_a_model_with_pickled_weights_alone_is_refused(
    hub: ThreadingHTTPServer, tmp_path: Path
) -> None:
    answer, _ = located(hub, f"lab/pickled@{OLD}", tmp_path)
    assert "can run code (pickle)" in str(answer)
    assert not [path for path in Hub.asked if path.endswith(".bin")]


def test_so_is_one_that_another_program_has_left_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("config.json", "model.safetensors", "2_Dense/pytorch_model.bin"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    model = HubModel("lab/mixed", OLD)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: str(tmp_path))
    with pytest.raises(ModelUnavailable, match="pickle"):
        model.cached()
    (tmp_path / "2_Dense" / "model.safetensors").write_text("")
    assert model.cached() == str(tmp_path)


def test_the_known_models_are_pinned_to_commits(caplog: pytest.LogCaptureFixture) -> None:
    from retrieval.rerankers.registry import HUB_CROSS_ENCODER

    assert {HUB_CROSS_ENCODER, *model_files.PACKAGES} == set(PINNED)
    assert all(hub_models.COMMIT.fullmatch(commit) for commit in PINNED.values())
    assert HubModel.read(HUB_CROSS_ENCODER).revision == PINNED[HUB_CROSS_ENCODER]
    assert HubModel.read(f"{HUB_CROSS_ENCODER}@{NEW}").revision == NEW
    with caplog.at_level(logging.WARNING):
        locate_model("sentence-transformers/all-MiniLM-L6-v2")  # from its package
    assert caplog.text == ""


def test_a_model_cannot_bring_code_of_its_own(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    (tmp_path / "modules.json").write_text(
        json.dumps([{"idx": 0, "name": "0", "path": "", "type": "own_code.Module"}])
    )
    (tmp_path / "own_code.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Module: ..."
    )
    (tmp_path / "config_sentence_transformers.json").write_text("{}")
    with pytest.raises(ValueError, match="trust_remote_code"):
        SentenceTransformer(str(tmp_path))
    assert not (tmp_path / "ran").exists()
