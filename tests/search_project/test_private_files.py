"""No other account of the machine can look into what an installation keeps."""

import stat
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.documents import files
from tests.live import LiveStack


def test_nobody_else_can_open_what_was_ingested_under_an_open_umask(
    live_stack: LiveStack, tmp_path: Path
) -> None:
    (tmp_path / "tide.pdf").write_bytes(files.pdf(["Neap tides are weak."]))
    live_stack.manage("ingest", str(tmp_path), "--collection", "private-files", "--create")
    assert requests.get(f"{live_stack.url}/api/v1/search?q=tides", timeout=20).ok
    var = Path(live_stack.env["VAR_DIR"])
    found = list(var.rglob("*"))
    assert {"originals", "log", "run", "secrets", "static"} <= {path.name for path in found}
    assert [path for path in (var, *found) if open_to_others(path)] == []


def open_to_others(path: Path) -> bool:
    facts = path.lstat()
    return not stat.S_ISLNK(facts.st_mode) and bool(facts.st_mode & 0o077)


def test_the_password_of_the_administrator_is_handed_to_nobody(live_stack: LiveStack) -> None:
    for name in ("web", "worker", "beat"):
        environment: dict[str, Any] = psutil.Process(live_stack.pid(name)).environ()
        assert "VAR_DIR" in environment
        assert "ADMIN_PASSWORD" not in environment
        assert live_stack.password not in environment.values()
