"""The conversion of a model to int8.

Usage: `python -m documents.inference.quantization KIND SOURCE TARGET`.

torch traces the model and ONNX Runtime quantizes it: int8 weights with a scale for each output
channel, and activations with a scale computed at each run. If the int8 form disagrees with the
float form, or the architecture is unknown, the manifest gives the reason under `unfit`.
"""

import json
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from documents.inference.cls_only_layer import keep_first_token
from documents.inference.encoder import prompt_for
from documents.inference.model_cache import MANIFEST, ConvertedModel, ModelKind, weights_digest
from documents.inference.parity_check import PASSAGES, agreement

# Below this agreement with the float model an int8 form is not used.
LEAST_AGREEMENT: dict[ModelKind, float] = {"encoder": 0.97, "cross-encoder": 0.95}
POOLINGS = ("mean", "cls", "max", "mean_sqrt_len_tokens", "lasttoken")
OPSET = 17
Floats = NDArray[np.float32]


class ConversionRejected(Exception):
    """Why this model has no int8 form, in a sentence."""


def quantize_model(kind: ModelKind, source: Path, target: Path) -> None:
    """Write model.onnx, tokenizer.json and manifest.json into the empty folder `target`."""
    try:
        about = CONVERSIONS[kind](source, target)
    except ConversionRejected as reason:
        about = {"unfit": str(reason)}
    (target / MANIFEST).write_text(json.dumps(about, indent=1), encoding="utf-8")


def _encoder(source: Path, target: Path) -> dict[str, Any]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu", model_kwargs=_plain_attention())
    pooling = _pooling(list(model))
    about: dict[str, Any] = {
        "revision": weights_digest(source),
        "pooling": pooling,
        "prompts": {name: text for name, text in model.prompts.items() if text},
        "dimensions": int(model.get_embedding_dimension() or 0),
        "window": int(model.max_seq_length or 512),
    }
    _quantized(model[0].auto_model, "last_hidden_state", model.tokenizer, target)
    from documents.inference.int8_encoder import Int8Encoder

    exact = model.encode(
        list(PASSAGES),
        prompt=prompt_for("passage", about["prompts"]),
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    found = Int8Encoder("", ConvertedModel(target, about)).encode(PASSAGES, "passage")
    return about | _agreeing("encoder", (found * np.asarray(exact)).sum(axis=1))


def _pooling(modules: Sequence[Any]) -> str:
    """The pooling of a model of the usual form: transformer, pooling, perhaps normalization."""
    names = [type(module).__name__ for module in modules]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise ConversionRejected(f"It is built of {', '.join(names)}.")
    pooling = modules[1].pooling_mode
    if pooling not in POOLINGS or not modules[1].include_prompt:
        raise ConversionRejected(f"Its pooling ({pooling}) is not known here.")
    return str(pooling)


def _cross_encoder(source: Path, target: Path) -> dict[str, Any]:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(
        str(source), device="cpu", model_kwargs=_plain_attention(), local_files_only=True
    )
    if model.num_labels != 1:
        raise ConversionRejected(f"It has {model.num_labels} outputs; a reranker has one.")
    activation = type(model.activation_fn).__name__
    if activation not in ("Identity", "Sigmoid"):
        raise ConversionRejected(f"Its last step ({activation}) is not known here.")
    window = min(int(model.max_seq_length or 512), 512)
    about = {"activation": activation, "window": window}
    pairs = [(query, passage) for query in PASSAGES[:4] for passage in PASSAGES]
    exact = np.asarray(model.predict(pairs, show_progress_bar=False), dtype=np.float32)
    keep_first_token(model.model)
    _quantized(model.model, "logits", model.tokenizer, target)
    from documents.inference.cross_encoder import Int8CrossEncoder

    fast = Int8CrossEncoder(ConvertedModel(target, about))
    found = np.asarray([fast.score(query, [text])[0] for query, text in pairs])
    return about | _agreeing("cross-encoder", np.asarray([agreement(found, exact)]))


def _agreeing(kind: ModelKind, agreements: Floats) -> dict[str, Any]:
    mean = float(agreements.mean())
    if not mean >= LEAST_AGREEMENT[kind]:
        raise ConversionRejected(f"In int8 it agrees with its float form by {mean:.3f} only.")
    return {"agreement": round(mean, 4)}


def _plain_attention() -> dict[str, str]:
    """The form of attention that is traced without assumptions on lengths."""
    return {"attn_implementation": "eager"}


def _quantized(model: Any, output: str, tokenizer: Any, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        exact, prepared = Path(folder) / "exact.onnx", Path(folder) / "prepared.onnx"
        _traced(model.eval(), output, tokenizer, exact)
        quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(target / "model.onnx"),
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))


def _traced(model: Any, output: str, tokenizer: Any, path: Path) -> None:
    import torch

    names = [name for name in tokenizer.model_input_names if name != "decoder_input_ids"]
    example = tokenizer(["one text", "another text, of more words"], padding=True)

    class Named(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: Any) -> Any:
            return self.model(**dict(zip(names, inputs, strict=True)))[output]

    axes = {name: {0: "texts", 1: "tokens"} for name in names}
    torch.onnx.export(
        Named(),
        tuple(torch.tensor(example[name]) for name in names),
        str(path),
        input_names=names,
        output_names=["output"],
        dynamic_axes=axes
        | {"output": {0: "texts"} | ({1: "tokens"} if output != "logits" else {})},
        opset_version=OPSET,
        dynamo=False,
    )


CONVERSIONS = {"encoder": _encoder, "cross-encoder": _cross_encoder}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    quantize_model(cast(ModelKind, sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
