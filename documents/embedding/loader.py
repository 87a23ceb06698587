"""Loads a model from its folder: int8 on ONNX Runtime, or float on torch."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from documents.errors import ModelUnavailable
from documents.inference import model_cache
from documents.inference.backend import wants_int8
from documents.inference.cross_encoder import CrossEncoder, Int8CrossEncoder, TorchCrossEncoder
from documents.inference.encoder import Encoder, TextEncoder
from documents.inference.int8_encoder import Int8Encoder

# Below this, a long title could leave no room for text.
SMALLEST_WINDOW = 240
Model = TypeVar("Model")


def open_encoder(
    name: str, path: str, inference: str, kept_in: Path, precision: str = ""
) -> TextEncoder:
    """The bi-encoder `name` in the folder `path`; converted models are cached under `kept_in`.

    `precision` ("int8" or "float32") fixes the precision: vectors of two are not comparable.
    Raises ModelUnavailable.
    """
    encoder = _opened(path, lambda: _encoder(name, path, inference, kept_in, precision))
    if encoder.window < SMALLEST_WINDOW:
        raise ModelUnavailable(
            "model_window_too_small", model=name, tokens=encoder.window, least=SMALLEST_WINDOW
        )
    return encoder


def _encoder(name: str, path: str, inference: str, kept_in: Path, precision: str) -> TextEncoder:
    if precision == "int8" or (not precision and wants_int8(inference)):
        artifact = model_cache.obtain_converted("encoder", Path(path), kept_in)
        if artifact:
            return Int8Encoder(name, artifact)
    if precision == "int8":
        raise ModelUnavailable("model_int8_missing", model=name)
    return Encoder(name, path)


def open_cross_encoder(path: str, inference: str, kept_in: Path) -> CrossEncoder:
    """The cross-encoder in the folder `path`. Raises ModelUnavailable."""
    return _opened(path, lambda: _cross_encoder(Path(path), inference, kept_in))


def _cross_encoder(source: Path, inference: str, kept_in: Path) -> CrossEncoder:
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    built_as = config.get("architectures") or [""]
    if not built_as[0].endswith("ForSequenceClassification"):  # else its head would be random
        raise ModelUnavailable("no_cross_encoder", folder=str(source))
    if wants_int8(inference):
        artifact = model_cache.obtain_converted("cross-encoder", source, kept_in)
        if artifact:
            return Int8CrossEncoder(artifact)
    return TorchCrossEncoder(source)


def _opened(path: str, opening: Callable[[], Model]) -> Model:
    try:
        return opening()
    except ModelUnavailable:
        raise
    except Exception as error:  # a broken folder fails in many ways, in several libraries
        raise ModelUnavailable("model_broken", model=path, error=str(error)) from error
