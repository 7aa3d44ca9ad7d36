"""Hashes of norms in, static vectors on a device out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from treelet.networks import Stored


class StaticRows:
    """The static vectors of a package: bytes and a factor a column, found by the hash of a norm."""

    def __init__(self, stored: Stored, place: torch.device) -> None:
        weights = stored.weights
        keys = weights["vectors.keys"]
        self._order = np.argsort(keys)
        self._keys = keys[self._order]
        self._table = torch.from_numpy(weights["vectors.table"].astype(np.int8)).to(place)
        self._scale = torch.from_numpy(weights["vectors.scale"].astype(np.float32)).to(place)

    def of(self, norms: npt.NDArray[np.uint64]) -> Tensor:
        """Vectors float32 (len(norms), length), zeros where there is none."""
        at = np.minimum(np.searchsorted(self._keys, norms), len(self._keys) - 1)
        known = self._keys[at] == norms
        place = self._table.device
        rows = self._table[torch.from_numpy(self._order[at]).to(place)].float() * self._scale
        return rows * torch.from_numpy(known).to(place).unsqueeze(1)
