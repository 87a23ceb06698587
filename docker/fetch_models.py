"""Put the models into the image where their hub can be reached; the default one ships anyway."""

import os
import sys

from huggingface_hub import snapshot_download

MODELS = ("sentence-transformers/all-MiniLM-L6-v2", "cross-encoder/ms-marco-MiniLM-L6-v2")
WANTED = ["*.json", "*.txt", "*.safetensors", "*.model"]


def main() -> None:
    for name in os.environ.get("MODELS", " ".join(MODELS)).split():
        try:
            snapshot_download(name, allow_patterns=WANTED)
        except Exception as error:  # no network, or no such model: the image is built without it
            print(f"{name} is not in this image: {type(error).__name__}", file=sys.stderr)


if __name__ == "__main__":
    main()
