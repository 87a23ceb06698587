"""Put the models into the image where their hub can be reached; the default one ships anyway."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")

import django

django.setup()

from documents.embedding import ModelUnavailable, locate_model  # noqa: E402

MODELS = ("sentence-transformers/all-MiniLM-L6-v2", "cross-encoder/ms-marco-MiniLM-L6-v2")


def main() -> None:
    for name in os.environ.get("MODELS", " ".join(MODELS)).split():
        try:
            locate_model(name)
        except ModelUnavailable as error:  # no network, or no such model: built without it
            print(f"Not in this image: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
