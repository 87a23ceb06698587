"""A dozen short texts on different subjects, so that the first search finds something."""

from pathlib import Path

from documents.library import uploads
from documents.models import Collection

FOLDER = Path(__file__).parent / "samples"


def add_samples() -> int:
    """Add the sample files to the public collection "Samples"; returns how many are new.

    It is idempotent. Raises QueueUnavailable.
    """
    collection, _ = Collection.objects.get_or_create(
        slug="samples",
        defaults={"name": "Samples", "visibility": Collection.Visibility.PUBLIC},
    )
    new = 0
    for file in sorted(FOLDER.iterdir()):
        with file.open("rb") as stream:
            title = file.stem.replace("-", " ").capitalize()
            external_id = f"sample:{file.name}"
            result = uploads.add_file(
                collection, stream, file.name, title=title, external_id=external_id
            )
        new += result.created
    return new
