"""An ONNX model on all cores: each core runs one text at a time.

The scale of activations is computed at each run. A text that runs alone therefore always has the
same output, and nothing is padded. It is also a tenth faster than batches of which all threads
share each layer (docs/inference.md). Callers take turns on the cores, a few texts at a time.
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


@cache
def core_count() -> int:
    """The number of processors that containers and affinity leave to this process."""
    from loky import cpu_count

    return int(cpu_count())


@cache
def _executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(core_count(), thread_name_prefix="inference")


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
        """The output for each text in order: (tokens, d), or (outputs,)."""
        if len(encodings) == 1:  # at once, in the thread that asks
            return [self._one(encodings[0])]
        # The longest first: else one core would run a long text alone at the end.
        order = sorted(range(len(encodings)), key=lambda at: -len(encodings[at]))
        running = {at: _executor().submit(self._one, encodings[at]) for at in order}
        return [running[at].result() for at in range(len(encodings))]

    def _one(self, encoding: "Encoding") -> Floats:
        fields = {name: np.array([_FIELDS[name](encoding)], np.int64) for name in self._inputs}
        output: Floats = self._session.run(None, fields)[0][0]
        return output


_FIELDS: dict[str, Any] = {
    "input_ids": lambda encoding: encoding.ids,
    "attention_mask": lambda encoding: [1] * len(encoding),
    "token_type_ids": lambda encoding: encoding.type_ids,
}
