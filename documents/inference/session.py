"""An ONNX model over all cores: each runs small batches of texts of like length.

One thread for each batch, rather than all threads in each, was worth half as much again (see
docs/inference.md): no thread waits for another within a layer, and little is padded. Callers share
the cores, so that many at once are served in small turns.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding

Floats = NDArray[np.float32]

BATCH_TEXTS = 8
BATCH_TOKENS = 1024


@cache
def cores() -> int:
    """The processors this process may use, as containers and affinities allow."""
    from loky import cpu_count

    return int(cpu_count())


@cache
def _crew() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="inference")


class OnnxModel:
    """Loads the file at `path`; raises what ONNX Runtime raises when it is damaged."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [one.name for one in self._session.get_inputs()]

    def run(self, encodings: Sequence["Encoding"]) -> list[Floats]:
        """The output for each text in order, without rows for padding: (tokens, d), or (d,)."""
        if len(encodings) == 1:  # at once, in the caller's own thread: it waits behind nobody
            return self._batch(encodings)
        order = sorted(range(len(encodings)), key=lambda at: -len(encodings[at]))
        batches = _batches(order, [len(encoding) for encoding in encodings])
        found: dict[int, Floats] = {}
        running = [_crew().submit(self._batch, [encodings[i] for i in b]) for b in batches]
        for batch, future in zip(batches, running, strict=True):
            found.update(zip(batch, future.result(), strict=True))
        return [found[at] for at in range(len(encodings))]

    def _batch(self, encodings: Sequence["Encoding"]) -> list[Floats]:
        shape = (len(encodings), max(len(encoding) for encoding in encodings))
        fields: dict[str, NDArray[np.int64]] = {
            name: np.zeros(shape, np.int64) for name in self._inputs
        }
        for row, encoding in enumerate(encodings):
            for name, values in fields.items():
                values[row, : len(encoding)] = _FIELDS[name](encoding)
        output: Floats = self._session.run(None, fields)[0]
        if output.ndim < 3:
            return list(output)
        return [output[row, : len(encoding)] for row, encoding in enumerate(encodings)]


_FIELDS: dict[str, Any] = {
    "input_ids": lambda encoding: encoding.ids,
    "attention_mask": lambda encoding: 1,
    "token_type_ids": lambda encoding: encoding.type_ids,
}


def _batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Neighbours in `order`, longest first, in batches that give every core some of the work."""
    most = min(BATCH_TEXTS, -(-len(order) // cores()))
    batches: list[list[int]] = []
    for at in order:
        room = batches and lengths[batches[-1][0]] * (len(batches[-1]) + 1) <= BATCH_TOKENS
        if room and len(batches[-1]) < most:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches
