"""Hashes of norms in, rows of static vectors out; on a device, the vectors themselves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from treelet.networks import Stored

SHARED_BITS = np.uint64(0xFFFF)
"""Of a key where words share rows: the number of its row; the others are those of the hash of a norm."""


class VectorKeys:
    """Finds the rows of words: each has its own, or the keys name those that they share."""

    def __init__(self, keys: npt.NDArray[np.uint64], rows: int) -> None:
        """rows: of the table; as many as there are keys where each has its own."""
        shared = rows != len(keys)
        self._named = ~SHARED_BITS if shared else ~np.uint64(0)
        order = np.argsort(keys & self._named)
        self._keys = (keys & self._named)[order]
        self._rows = (keys[order] & SHARED_BITS).astype(np.int64) if shared else order

    def find(self, norms: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Rows of norms (len(norms),), and which of them have one; the rows of the others mean nothing."""
        wanted = norms & self._named
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return self._rows[at], self._keys[at] == wanted


class StaticRows:
    """The static vectors of a package: bytes and a factor a column, found by the hash of a norm."""

    def __init__(self, stored: Stored, place: torch.device) -> None:
        weights = stored.weights
        table = weights["vectors.table"].astype(np.int8)
        self._keys = VectorKeys(weights["vectors.keys"].astype(np.uint64), len(table))
        self._table = torch.from_numpy(table).to(place)
        self._scale = torch.from_numpy(weights["vectors.scale"].astype(np.float32)).to(place)

    def of(self, norms: npt.NDArray[np.uint64]) -> Tensor:
        """Vectors float32 (len(norms), length), zeros where there is none."""
        rows, known = self._keys.find(norms)
        place = self._table.device
        vectors = self._table[torch.from_numpy(rows).to(place)].float() * self._scale
        return vectors * torch.from_numpy(known).to(place).unsqueeze(1)
