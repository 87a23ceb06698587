"""Every package that is installed is one that the product uses."""

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

from search_project.data_dir import BASE_DIR

APPS = ("documents", "retrieval", "frontend", "search_project")
# What no module of ours names, and who needs it.
BEHIND = {
    "pillow": "pypdfium2 makes its pictures",
    "onnx": "torch.onnx writes with it",
    "fido2": "allauth.mfa imports it",
    "qrcode": "allauth.mfa draws with it",
    "pytrec-eval-terrier": "ir_measures measures with it",
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(path: str) -> set[str]:
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", (BASE_DIR / path).read_text(), re.M)
    return {normal(pin) for pin in pins}


def named(path: Path) -> set[str]:
    """The top-level names of what a file imports, and of dotted names in its texts."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
        elif isinstance(node, ast.Constant) and re.fullmatch(r"[\w.:]+", str(node.value)):
            found.add(str(node.value).removeprefix("package:"))
    return {name.split(".")[0] for name in found}


def test_no_package_is_pinned_that_nothing_uses() -> None:
    names = {
        name for app in APPS for path in (BASE_DIR / app).rglob("*.py") for name in named(path)
    }
    packages = packages_distributions()
    used = {normal(package) for name in names for package in packages.get(name, [])}
    pins = pinned("requirements.txt")
    assert len(pins) > 30
    assert sorted(pins - used - set(BEHIND)) == []
    assert set(BEHIND) <= pins
