"""Models made on the spot, with the default model's vocabulary: small ones with random weights,
and a cross-encoder of the default model's size for measuring speed."""

from pathlib import Path
from typing import Any

from documents.embedding import model_files

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"
TINY: dict[str, Any] = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
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
    AutoTokenizer.from_pretrained(model_files.locate_model(DEFAULT)).save_pretrained(plain)
    transformer = Transformer(str(plain), max_seq_length=256)
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    SentenceTransformer(modules=[transformer, pooling, *more], device="cpu").save(str(folder))
    return folder


def cross_encoder(folder: Path) -> Path:
    """A cross-encoder of one layer with random weights. They are far from the usual .02, with which
    it would say nearly the same of every pair."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    size: dict[str, Any] = {"hidden_size": 64, "num_hidden_layers": 1, "intermediate_size": 128}
    size |= {"num_attention_heads": 2, "num_labels": 1}
    config = BertConfig(**size, initializer_range=0.1)
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(model_files.locate_model(DEFAULT)).save_pretrained(folder)
    return folder


def untaught_cross_encoder(folder: Path) -> Path:
    """The default model under a head that has learnt nothing: of the size of the hub's."""
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    torch.manual_seed(7)
    base = model_files.locate_model(DEFAULT)
    BertForSequenceClassification.from_pretrained(base, num_labels=1).save_pretrained(folder)
    AutoTokenizer.from_pretrained(base).save_pretrained(folder)
    return folder
