"""The environment of the tests: none of the caller's settings, and folders of their own."""

import ast
import os
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
CACHE_DIR = BASE_DIR / ".pytest_cache"


def setting_names() -> set[str]:
    """The first argument of each call `env.something("NAME", ...)` in `search_project`."""
    calls = (
        node
        for path in (BASE_DIR / "search_project").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args
    )
    return {
        str(call.args[0].value)
        for call in calls
        if ast.unparse(call.func).startswith("env.") and isinstance(call.args[0], ast.Constant)
    }


def settle_environment() -> Path:
    """Take every setting out of the environment, and name the folder of this process's servers.

    Models are read from this machine alone. TEST_VAR_DIR keeps the folder for the next run; each
    worker of pytest-xdist has one of its own.
    """
    for name in setting_names():
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    var = var_dir()
    (var / "static").mkdir(parents=True, exist_ok=True)
    var.chmod(0o755)
    os.environ["VAR_DIR"] = str(var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "search_project.settings"
    os.environ["HF_HUB_OFFLINE"] = "1"
    # Compiled loops outlive the run: they depend on nothing but the code.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(CACHE_DIR / "numba"))
    # So do the int8 forms of models, which depend on the weights alone.
    os.environ["INT8_CACHE_DIR"] = str(CACHE_DIR / "models")
    return var


def var_dir() -> Path:
    named = os.environ.get("TEST_VAR_DIR")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if named:
        return Path(named).resolve() / worker
    return Path(tempfile.mkdtemp(prefix=f"lantern-{worker}")).resolve()
