"""The licences of all that is installed: `python -m tests.licences` fails for one that binds us.

What ships is to be permissive; each exception has its reason. A package states its licence as an
SPDX expression, as classifiers, or in a line of its own.
"""

import re
import sys
from collections import Counter
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from search_project.data_dir import BASE_DIR

SHIPPED = ("requirements.lock", "retrieval/training/requirements.lock")
FOR_TESTS = "tests/requirements.lock"
PERMISSIVE = {
    "0bsd", "apache-2.0", "apache-2.0 with llvm-exception", "bsd", "bsd-2-clause", "bsd-3-clause",
    "bsl-1.0", "cc0-1.0", "cnri-python", "isc", "mit", "mit-0", "mit-cmu", "psf-2.0", "unlicense",
    "zlib",
}  # fmt: skip
# Older ways of naming those.
NAMES = {
    "mit license": "mit", "bsd license": "bsd", "bsd 3-clause": "bsd-3-clause",
    "3-clause bsd license": "bsd-3-clause", "apache2.0": "apache-2.0",
    "apache 2.0 license": "apache-2.0", "apache software license": "apache-2.0",
    "isc license iscl": "isc", "python software foundation license": "psf-2.0",
    "dfsg approved": "mit",
}  # fmt: skip
WEAK = "weak copyleft: its own files stay under it, and we change none of them"
EXCEPTIONS = {
    "psycopg": "LGPL-3.0, chosen by the customer: a library that anyone can replace",
    "psycopg-binary": "goes with psycopg",
    "certifi": f"MPL-2.0, {WEAK}",
    "tqdm": f"MPL-2.0 and MIT, {WEAK}",
    "supervisor": "“BSD-derived”: the BSD licence with a clause on trademarks",
    "fido2": "BSD-2-Clause and Apache-2.0; its list of public suffixes is MPL-2.0",
    "qrcode": "BSD-3-Clause; a classifier says “other”, for the trademark of the name",
    "pypdfium2": "BSD-3-Clause and Apache-2.0, with those of PDFium, which are permissive",
}
# What the tests alone use may be under any licence that lets it be used: none of it ships.
TEST_TOOLS = {
    "axe-playwright-python": "MIT, as its repository says; its package does not",
    "ebooklib": "AGPL-3.0: makes documents that the tests read",
    "fpdf2": "LGPL-3.0: makes documents that the tests read",
    "hypothesis": f"MPL-2.0, {WEAK}",
    "odfpy": "Apache-2.0 or GPL: makes documents that the tests read",
    "pathspec": f"MPL-2.0, {WEAK}",
}


def main() -> int:
    shipped, tools = {"torch"}.union(*map(locked, SHIPPED)), locked(FOR_TESTS)
    refused = sorted(problems(shipped, EXCEPTIONS) + problems(tools, EXCEPTIONS | TEST_TOOLS))
    counted = Counter(stated_licence(package) for package in installed(shipped | tools))
    for licence, count in counted.most_common():
        print(f"{count:4}  {licence or 'none stated'}")
    for line in dict.fromkeys(refused):
        print(f"Not permissive: {line}", file=sys.stderr)
    return 1 if refused else 0


def locked(path: str) -> set[str]:
    """The names of the packages in a lock file."""
    return set(re.findall(r"^([\w.-]+)==", (BASE_DIR / path).read_text(), re.M))


def problems(names: set[str], exceptions: dict[str, str]) -> list[str]:
    """Those of `names` whose licence is neither permissive nor an exception, with it."""
    return [
        f"{package.name} ({stated_licence(package) or 'none stated'})"
        for package in installed(names)
        if package.name.lower() not in exceptions and not is_permissive(stated_licence(package))
    ]


def installed(names: set[str]) -> list[Distribution]:
    """Without those that other systems alone need."""
    found = []
    for name in sorted(names):
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def stated_licence(package: Distribution) -> str:
    prefix = "License :: "
    found = package.metadata.get_all("Classifier") or []
    classifiers = [c for c in found if c.startswith(prefix)]
    named = [c.rpartition(" :: ")[2] for c in classifiers if not c.endswith("OSI Approved")]
    written = _first(package, "License").strip().partition("\n")[0]
    return _first(package, "License-Expression") or " AND ".join(named) or written


def _first(package: Distribution, name: str) -> str:
    return next(iter(package.metadata.get_all(name) or []), "")


def is_permissive(expression: str) -> bool:
    """Whether each part is, or of parts to choose from at least one."""
    return all(
        any(_known(choice) in PERMISSIVE for choice in part.split(" OR "))
        for part in expression.split(" AND ")
    )


def _known(name: str) -> str:
    lower = re.sub(r"[()]", "", name).strip().lower()
    return NAMES.get(lower, lower)


if __name__ == "__main__":
    sys.exit(main())
