"""What is installed: only what is used, as the locks say, under licences that bind nobody."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from search_project.data_dir import BASE_DIR
from tests import licences

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


FILES = [
    "requirements.txt", "tests/requirements-fast.txt", "tests/requirements.txt",
    "retrieval/training/requirements.txt",
]  # fmt: skip
PRODUCT_LOCK = "requirements.lock"


def asked_for(path: Path) -> dict[str, str]:
    """The pins of a file and of those that it includes, without torch."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            found |= asked_for(path.parent / line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            pin = Requirement(line)
            found[normal(pin.name)] = str(pin.specifier).removeprefix("==")
    found.pop("torch", None)
    return found


def locked(path: str) -> dict[str, list[str]]:
    """The versions of each package; more than one where markers choose."""
    found: dict[str, list[str]] = {}
    for line in re.findall(r"^([\w.-]+==[^ ]+)", (BASE_DIR / path).read_text(), re.M):
        name, _, version = line.partition("==")
        found.setdefault(normal(name), []).append(version)
    return found


@pytest.mark.parametrize("path", FILES)
def test_the_lock_has_each_pin_as_it_is_asked_for(path: str) -> None:
    lock = locked(path.replace(".txt", ".lock"))
    wanted = {name: [version] for name, version in asked_for(BASE_DIR / path).items()}
    assert len(wanted) > 30
    assert {name: lock.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("path", FILES)
def test_each_package_of_a_lock_has_hashes_and_torch_comes_apart(path: str) -> None:
    text = (BASE_DIR / path).with_suffix(".lock").read_text()
    entries = re.split(r"\n(?=[a-z])", text.partition("make lock\n")[2])
    assert len(entries) > 100
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    names = {re.split("[= ]", entry)[0] for entry in entries}
    assert not {name for name in names if re.match("torch$|nvidia-|cuda-|triton", name)}


@pytest.mark.parametrize("path", FILES[1:])
def test_every_lock_has_the_product_as_its_own_lock_has_it(path: str) -> None:
    lock = locked(path.replace(".txt", ".lock"))
    product = locked(PRODUCT_LOCK)
    assert {name: lock.get(name) for name in product} == product


@pytest.mark.processes
def test_pip_refuses_a_file_whose_hash_is_not_in_the_lock(tmp_path: Path) -> None:
    """As setup.sh calls it, with the wheel of a stranger in the place where pip looks."""
    wheel = tmp_path / "rank_bm25-0.2.2-py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    entry = re.search(
        r"^rank-bm25==.*?(?=\n\w)", (BASE_DIR / PRODUCT_LOCK).read_text(), re.M | re.S
    )
    lock = tmp_path / "one.lock"
    lock.write_text(entry.group())
    options = ["--no-index", "--find-links", str(tmp_path), "--no-deps", "--require-hashes"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, "-d", tmp_path / "got", "-r", lock],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0 and "DO NOT MATCH THE HASHES" in done.stderr


def test_setup_installs_from_the_lock_alone() -> None:
    script = (BASE_DIR / "search_project/setup.sh").read_text()
    assert 'install --quiet --no-deps --require-hashes -r "$lock"' in script


def test_every_licence_is_permissive_or_an_exception_with_its_reason() -> None:
    shipped = {"torch"}.union(*map(licences.locked, licences.SHIPPED))
    assert len(licences.installed(shipped)) > 100
    assert licences.problems(shipped, licences.EXCEPTIONS) == []
    assert licences.problems({"psycopg"}, {}) == ["psycopg (LGPL-3.0-only)"]


@pytest.mark.parametrize(
    ("stated", "permissive"),
    [
        ("MIT", True), ("MIT License AND BSD License", True), ("GPL-3.0-only OR MIT", True),
        ("(MIT OR GPL-2.0) AND Apache-2.0", True), ("ISC License (ISCL)", True),
        ("GPL-3.0-only", False), ("MIT AND LGPL-3.0-only", False), ("", False),
        ("Other/Proprietary License", False),
    ],
)  # fmt: skip
def test_a_licence_is_read_as_it_is_stated(stated: str, permissive: bool) -> None:
    assert licences.is_permissive(stated) is permissive
