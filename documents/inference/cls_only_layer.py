"""A cross-encoder's last layer, computed for the first token alone.

The score depends on the first token only. So the query, output and feed-forward matrices of the
last layer, ten twelfths of its work, need one row instead of one for each token.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional


class FirstTokenLayer(nn.Module):
    """Replaces the last BertLayer. The output is (n, 1, d) for an input (n, tokens, d), equal to
    the layer's own first token."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def forward(
        self, hidden: torch.Tensor, mask: torch.Tensor | None = None, *_: Any, **__: Any
    ) -> torch.Tensor:
        attention = self.layer.attention.self
        texts, tokens = hidden.shape[:2]
        heads = (attention.num_attention_heads, attention.attention_head_size)
        first = hidden[:, :1]
        query = attention.query(first).view(texts, 1, *heads).transpose(1, 2)
        key = attention.key(hidden).view(texts, tokens, *heads).transpose(1, 2)
        value = attention.value(hidden).view(texts, tokens, *heads).transpose(1, 2)
        weights = query @ key.transpose(2, 3) * attention.scaling
        if mask is not None:
            weights = weights + mask[:, :, :1]
        context = functional.softmax(weights, dim=-1) @ value
        context = context.transpose(1, 2).reshape(texts, 1, heads[0] * heads[1])
        given: torch.Tensor = self.layer.attention.output(context, first)
        found: torch.Tensor = self.layer.feed_forward_chunk(given)
        return found


def keep_first_token(model: Any) -> None:
    """Replace the last layer of `model` in place if it is a BERT whose pooler reads the first
    token. Other models stay as they are."""
    bert = getattr(model, "bert", None)
    layers = getattr(getattr(bert, "encoder", None), "layer", None)
    reads_first = type(getattr(bert, "pooler", None)).__name__ == "BertPooler"
    if layers and reads_first and type(layers[-1]).__name__ == "BertLayer":
        layers[-1] = FirstTokenLayer(layers[-1])
