"""What a reader is allowed to read."""

import sys

import pytest

from documents.sandbox.confinement import source_paths
from search_project.data_dir import BASE_DIR


class Namespace:
    """As torch keeps among the modules: whatever is asked of it, it answers with another."""

    def __getattr__(self, name: str) -> "Namespace":
        return self


def test_an_object_among_the_modules_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.namespace", Namespace())
    assert source_paths()["documents"] == str(BASE_DIR / "documents")
