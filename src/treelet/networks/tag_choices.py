"""Token vectors in, the likeliest labels of every tag column out, with their probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from treelet.annotators.choices import MOST, OUTPUTS, Choices
from treelet.networks import Stored


class TagChoices:
    """The affine layers of a package."""

    def __init__(self, stored: Stored) -> None:
        self._layers: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        for column, name in OUTPUTS.items():
            if f"{name}.weight" in stored.weights:
                weight, bias = (stored.weights[f"{name}.{part}"] for part in ("weight", "bias"))
                pair = (torch.from_numpy(each.astype(np.float32)) for each in (weight, bias))
                self._layers[column] = (next(pair), next(pair))

    def of(self, vectors: npt.NDArray[np.float32]) -> dict[str, Choices]:
        """By label set; vectors: float32 (words, width)."""
        found: dict[str, Choices] = {}
        with torch.inference_mode():
            words = torch.from_numpy(vectors)
            for column, (weight, bias) in self._layers.items():
                told = min(MOST, len(bias))
                odds, labels = torch.softmax(words @ weight.t() + bias, 1).topk(told, 1)
                shape = (len(vectors), MOST)
                all_labels, all_odds = np.full(shape, -1, np.int16), np.zeros(shape, np.float16)
                all_labels[:, :told], all_odds[:, :told] = labels.numpy(), odds.numpy()
                found[column] = Choices(all_labels, all_odds)
        return found
