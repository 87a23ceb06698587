"""The inference backend: `INFERENCE_BACKEND` is auto, torch or int8."""

import importlib.util
from functools import cache
from pathlib import Path

NVIDIA = Path("/dev/nvidiactl")


def wants_int8(inference: str) -> bool:
    """Whether a model runs as int8 if it can be converted.

    `auto` prefers a CUDA device, then int8 if onnxruntime is installed.
    """
    if inference == "torch":
        return False
    installed = importlib.util.find_spec("onnxruntime") is not None
    return installed and (inference == "int8" or not has_cuda())


@cache
def has_cuda() -> bool:
    """Whether torch has a CUDA device. Without NVIDIA's driver torch is not even imported."""
    if not NVIDIA.exists():
        return False
    import torch

    return bool(torch.cuda.is_available())
