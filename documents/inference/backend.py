"""How models run here: `INFERENCE_BACKEND` is auto, torch or int8."""

import importlib.util
from functools import cache
from pathlib import Path

NVIDIA = Path("/dev/nvidiactl")


def wants_int8(inference: str) -> bool:
    """Whether int8 is to be used where a model has such a form.

    `auto` takes a CUDA device where there is one, else int8 where its package is installed.
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
