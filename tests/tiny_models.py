"""Models made on the spot, with the default model's vocabulary: small ones with random weights,
and a cross-encoder of the default model's size for measuring speed."""

from pathlib import Path
from typing import Any

from documents import model_files

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"
TINY = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
    # Far from the usual .02, with which random weights say nearly the same of every text.
    "initializer_range": 0.4,
}  # fmt: skip


def encoder(folder: Path, *more: Any) -> Path:
    """A bi-encoder of 32 dimensions: transformer, mean pooling, and `more` modules."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(7)
    plain = folder.with_name(f"{folder.name}-plain")
    BertModel(BertConfig(**TINY)).save_pretrained(plain)
    AutoTokenizer.from_pretrained(model_files.locate(DEFAULT)).save_pretrained(plain)
    transformer = Transformer(str(plain), max_seq_length=256)
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    SentenceTransformer(modules=[transformer, pooling, *more], device="cpu").save(str(folder))
    return folder


def cross_encoder(folder: Path, size: dict[str, Any] = TINY) -> Path:
    """A cross-encoder with random weights, but for `size` {}: then the default model's, under a
    head that has learnt nothing."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    base = model_files.locate(DEFAULT)
    if size:
        model = BertForSequenceClassification(BertConfig(**size, num_labels=1))
    else:
        model = BertForSequenceClassification.from_pretrained(base, num_labels=1)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(base).save_pretrained(folder)
    return folder
