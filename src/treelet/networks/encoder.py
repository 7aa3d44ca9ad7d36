"""The encoder in PyTorch: rows of the hash tables -> one vector a token. Its twin is core/encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from treelet.networks import fused
from treelet.networks.device import on_core
from treelet.networks.layers import Convolution, MaxoutNorm, RecurrentLayer, dropout
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


class Lookups(Protocol):
    """Who keeps the tables while they are taught: told which rows come next, and given their gradients."""

    gradients: list[Tensor]

    def before(self, rows: Tensor) -> None:
        """These rows, int64 (types, tables, 4 hashes), are about to be read."""


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
        self.layers = nn.ModuleList(
            Convolution(width, settings.pieces, settings.window, dilation)
            for dilation in settings.dilations()
        )
        self.recurrent = nn.ModuleList(
            RecurrentLayer(width, settings.recurrent_units, settings.pieces)
            for _ in range(settings.recurrent_layers)
        )
        self.lookups: Lookups | None = None

    def forward(
        self,
        words: WordFeatures,
        types: Tensor,
        documents: Tensor,
        drop: Drop,
        added: Tensor | None = None,
    ) -> Tensor:
        """Token vectors (tokens, width).

        words: the distinct words of the batch; types: (tokens,) which of them each token is;
        documents: (tokens,) the number of the document each token is in; added: (tokens, width), what a
        transformer says of them, which joins the mix.
        """
        if self.lookups is not None:
            self.lookups.before(words.rows)
        parts = [self._looked_up(words.rows, drop)]
        if self.static_map is not None:
            static = functional.linear(words.static, self.static_map)
            parts.append(dropout(static, drop.numbers, self.training))
        mixed = self.mix(torch.cat(parts, dim=1) if len(parts) > 1 else parts[0], drop.numbers)
        x = functional.embedding(types, mixed)
        if added is not None:
            x = x + added
        for layer in self.layers:
            x = layer(x, documents, drop.numbers)
        first = torch.ones(len(x), dtype=torch.uint8, device=x.device)
        first[1:] = documents[1:] != documents[:-1]
        for recurrent in self.recurrent:
            x = recurrent(x, first, drop.numbers)
        return x

    def _looked_up(self, rows: Tensor, drop: Drop) -> Tensor:
        """The sums of the rows of every type in every table, side by side: (types, tables · width)."""
        hides = self.training and drop.norms > 0
        if on_core(self.tables[0]):
            sinks = self.lookups.gradients if self.lookups else None
            found: Tensor = fused.LookUp.apply(rows, sinks, *self.tables)  # type: ignore[no-untyped-call]
        else:
            found = torch.cat(
                [
                    functional.embedding_bag(rows[:, t], table, mode="sum")
                    for t, table in enumerate(self.tables)
                ],
                dim=1,
            )
        if hides:
            width = self.tables[0].shape[1]
            kept = torch.rand(len(found), 1, device=found.device) >= drop.norms
            found = torch.cat([found[:, :width] * kept, found[:, width:]], dim=1)
        return found
