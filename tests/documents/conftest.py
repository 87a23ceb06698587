"""A collection to add to, and documents taken all the way in this process."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from documents.ingestion.pipeline import ingest
from documents.library import uploads
from documents.models import Collection, Document


@pytest.fixture
def originals_dir(settings: Any, tmp_path: Any) -> None:
    settings.ORIGINALS_DIR = tmp_path / "originals"


@pytest.fixture
def collection(db: None, originals_dir: None) -> Collection:
    return Collection.objects.create(name="Tests", slug="tests")


@pytest.fixture
def add(collection: Collection) -> Callable[..., Document]:
    """Take a file and ingest it here and now; the document as it is then."""

    def add(data: bytes, name: str, **options: Any) -> Document:
        options.setdefault("enqueue", False)
        taken = uploads.add_file(collection, io.BytesIO(data), name, **options)
        ingest(str(taken.document.pk))
        return Document.objects.get(pk=taken.document.pk)

    return add
