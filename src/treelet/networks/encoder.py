"""The encoder in PyTorch: rows of the hash tables -> one vector a token. Its twin is core/encoder."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from treelet.networks.layers import MaxoutNorm, RecurrentLayer, dropout
from treelet.settings import EncoderSettings, FeatureSettings


@dataclass(frozen=True)
class Drop:
    """What is hidden in training: share of numbers after each layer, of word types that lose their NORM."""

    numbers: float = 0.0
    norms: float = 0.0


@dataclass(frozen=True)
class WordFeatures:
    """Of distinct words: rows int64 (types, tables, 4 hashes), static float32 (types, length or 0)."""

    rows: Tensor
    static: Tensor

    def at(self, types: Tensor) -> WordFeatures:
        """The features of some of the words."""
        return WordFeatures(self.rows[types], self.static[types])


class Encoder(nn.Module):
    """Hash embeddings, mix, convolutions and recurrent layers."""

    def __init__(self, settings: EncoderSettings, features: FeatureSettings) -> None:
        super().__init__()
        width = settings.width
        self.tables = nn.ParameterList(
            nn.Parameter(torch.empty(rows, width).uniform_(-0.1, 0.1)) for rows in settings.rows(features)
        )
        self.static_map: nn.Parameter | None = None
        if settings.vector_length:
            bound = (6.0 / (settings.vector_length + width)) ** 0.5
            self.static_map = nn.Parameter(torch.empty(width, settings.vector_length).uniform_(-bound, bound))
        parts = len(self.tables) + (self.static_map is not None)
        self.mix = MaxoutNorm(parts * width, width, settings.pieces)
        inputs = (2 * settings.window + 1) * width
        self.layers = nn.ModuleList(MaxoutNorm(inputs, width, settings.pieces) for _ in range(settings.depth))
        self.recurrent = nn.ModuleList(
            RecurrentLayer(width, settings.recurrent_units, settings.pieces)
            for _ in range(settings.recurrent_layers)
        )
        self.window, self.dilations = settings.window, settings.dilations()

    def forward(self, words: WordFeatures, types: Tensor, documents: Tensor, drop: Drop) -> Tensor:
        """Token vectors (tokens, width).

        words: the distinct words of the batch; types: (tokens,) which of them each token is;
        documents: (tokens,) the number of the document each token is in.
        """
        parts = [
            functional.embedding_bag(words.rows[:, t], table, mode="sum")
            for t, table in enumerate(self.tables)
        ]
        if self.training and drop.norms:
            parts[0] = parts[0] * (torch.rand(len(parts[0]), 1, device=parts[0].device) >= drop.norms)
        if self.static_map is not None:
            static = functional.linear(words.static, self.static_map)
            parts.append(dropout(static, drop.numbers, self.training))
        mixed = dropout(self.mix(torch.cat(parts, dim=1)), drop.numbers, self.training)
        x = functional.embedding(types, mixed)
        for layer, dilation in zip(self.layers, self.dilations, strict=True):
            seen = [_shift(x, step * dilation, documents) for step in range(-self.window, self.window + 1)]
            x = x + dropout(layer(torch.cat(seen, dim=1)), drop.numbers, self.training)
        first = torch.ones(len(x), dtype=torch.uint8, device=x.device)
        first[1:] = documents[1:] != documents[:-1]
        for recurrent in self.recurrent:
            x = x + dropout(recurrent(x, first), drop.numbers, self.training)
        return x


def _shift(x: Tensor, step: int, documents: Tensor) -> Tensor:
    """Row i is x[i + step], zeros where that is another document."""
    n = x.shape[0]
    if step == 0:
        return x
    if abs(step) >= n:
        return torch.zeros_like(x)
    if step < 0:
        same = (documents[step * -1 :] == documents[:step]).unsqueeze(1)
        return functional.pad(x[:step] * same, (0, 0, -step, 0))
    same = (documents[:-step] == documents[step:]).unsqueeze(1)
    return functional.pad(x[step:] * same, (0, 0, 0, step))
