"""Which settings differ from those of the last start: for the audit log."""

import hashlib
import hmac
import json
import os
import re
from pathlib import Path

from search_project import env
from search_project.data_dir import InstallationState

# What these hold is compared, and shown to nobody.
SECRET = re.compile("PASSWORD|SECRET|KEY|TOKEN|URL")
HIDDEN = "hidden"


def changed_settings(state: InstallationState) -> dict[str, str]:
    """What each changed setting was and is, and this start's values noted for the next.

    Empty on the first start. A setting that a release adds or drops has not changed.
    """
    file = state.folder("run") / "settings.json"
    now = {name: _noted(name, env.text(name, default), state) for name, default in
           sorted(env.NAMES.items())}  # fmt: skip
    before = _read(file)
    if now != before:
        _write(file, now)
    common = before.keys() & now.keys()
    return {name: _told(name, before[name], now[name]) for name in sorted(common)
            if before[name] != now[name]}  # fmt: skip


def _noted(name: str, value: str, state: InstallationState) -> str:
    """The value, or of a secret a digest that nobody can compare with guesses."""
    if not SECRET.search(name) or not value:
        return value
    key = state.secret("settings_digest").encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def _told(name: str, before: str, now: str) -> str:
    shown = [
        HIDDEN if SECRET.search(name) and value else value or "none" for value in (before, now)
    ]
    return " → ".join(shown)


def _read(file: Path) -> dict[str, str]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write(file: Path, values: dict[str, str]) -> None:
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(values, indent=1), encoding="utf-8")
    draft.replace(file)
