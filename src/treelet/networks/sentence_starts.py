"""Token vectors and rows of gaps in, log-odds of a sentence start out. Its twin is core/annotators/senter."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from treelet.networks.layers import dropout, first_scores, maxout


class SentenceStarts(nn.Module):
    """c + Σ g + upper · maxout(W [x(i-1); x(i)] + b + Σ h), sums over the rows (g, h) of the gap before i.

    Parameters, W piece-major: weight (pieces · hidden, 2 · width), bias (pieces · hidden,), gaps (rows, 1 +
    pieces · hidden), g first, upper (1 + hidden,), c first. Gaps start at zero, so that a row never seen in
    training has no effect.
    """

    def __init__(self, width: int, hidden: int, pieces: int, n_rows: int) -> None:
        super().__init__()
        self.pieces = pieces
        bound = (6.0 / (2 * width + hidden)) ** 0.5  # Glorot & Bengio 2010, a piece at a time
        self.weight = nn.Parameter(torch.empty(pieces * hidden, 2 * width).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(pieces * hidden))
        self.gaps = nn.Parameter(torch.zeros(n_rows, 1 + pieces * hidden))
        self.upper = nn.Parameter(first_scores(1 + hidden))

    def forward(self, vectors: Tensor, rows: Tensor, rate: float = 0.0) -> Tensor:
        """Log-odds (tokens,) from vectors (tokens, width) and rows int64 (tokens, groups), -1 for none.

        rate: share of hidden units dropped in training.

        Meaningless at the first word of a document, where there is no gap.
        """
        pairs = torch.cat([functional.pad(vectors[:-1], (0, 0, 1, 0)), vectors], dim=1)
        table = functional.pad(self.gaps, (0, 0, 0, 1))  # a row of zeros for none
        seen = functional.embedding_bag(rows % len(table), table, mode="sum")
        hidden = maxout(functional.linear(pairs, self.weight, self.bias) + seen[:, 1:], self.pieces)
        hidden = dropout(hidden, rate, self.training)
        return seen[:, 0] + self.upper[0] + hidden @ self.upper[1:]
