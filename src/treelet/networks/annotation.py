"""Documents in, annotated documents out: PyTorch encodes them on a device, the core decides from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import torch

from treelet import _core
from treelet.annotators.shapes import feature_settings
from treelet.doc import Doc
from treelet.errors import SettingsError
from treelet.networks import Stored
from treelet.networks.device import Device
from treelet.networks.encoder import Drop, WordFeatures
from treelet.networks.static_rows import StaticRows
from treelet.networks.stored import stored_network

MOST_WORDS = 8192
"""Of a batch; longer documents are the core's alone. What comes back of a word takes about ten kilobytes."""

Floats = npt.NDArray[np.float32]
Computed = tuple[Doc, dict[str, Floats]]


class DeviceAnnotator:
    """Annotates as the core does, from token vectors and lower layers that were computed on a device.

    Constant once made: any number of threads may annotate.
    """

    def __init__(self, stored: Stored, device: Device) -> None:
        settings = stored.settings
        self._core, self._device = stored.core, device
        network = stored_network(stored)
        self._network = network.to(device.place)
        self._features = feature_settings(settings.features)
        self._table_rows = settings.encoder.rows(settings.features)
        self._static = StaticRows(stored, device.place) if settings.encoder.vector_length else None

    def annotate(self, docs: Iterable[Doc], enabled: Sequence[str], threads: int = 1) -> Iterator[Doc]:
        """Annotate documents in place, and give them back in order; threads: of the core's part.

        Raises SettingsError when the device has no memory left.
        """
        for batch in batches(docs):
            filled = [doc for doc in batch if len(doc)] if enabled else []
            if filled and len(filled[0]) > MOST_WORDS:
                self._core.annotate_doc(filled[0].columns, list(enabled))
            elif filled:
                self._walk_all(self._compute(filled, enabled), enabled, threads)
            yield from batch

    def _walk_all(self, computed: Sequence[Computed], enabled: Sequence[str], threads: int) -> None:
        def walk(one: Computed) -> None:
            doc, arrays = one
            self._core.annotate_given(doc.columns, list(enabled), **arrays)

        if threads == 1 or len(computed) == 1:
            for one in computed:
                walk(one)
            return
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(walk, computed):
                pass

    def _compute(self, batch: Sequence[Doc], enabled: Sequence[str]) -> list[Computed]:
        """Token vectors of each document, and rows of the lower layers of enabled parser and recognizer."""
        try:
            arrays = self._arrays(batch, enabled)
        except torch.OutOfMemoryError as error:
            raise SettingsError(
                f"device {self._device.name}: out of memory ({error}); use to('cpu'), or another device"
            ) from None
        ends = np.cumsum([len(doc) for doc in batch])
        parts = {name: np.split(array, ends[:-1]) for name, array in arrays.items()}
        return [(doc, {name: found[i] for name, found in parts.items()}) for i, doc in enumerate(batch)]

    @torch.inference_mode()
    def _arrays(self, batch: Sequence[Doc], enabled: Sequence[str]) -> dict[str, Floats]:
        """By the names that annotate_given has for them: (words of the batch, numbers)."""
        network, place = self._network, self._device.place
        columns = [doc.columns for doc in batch]
        types, rows, norms = _core.word_types(columns, self._features, self._table_rows)
        documents = np.repeat(np.arange(len(batch), dtype=np.int32), [len(doc) for doc in batch])
        static = self._static.of(norms) if self._static else torch.zeros(len(norms), 0, device=place)
        with self._device.functions():
            vectors = network.encoder(
                WordFeatures(torch.from_numpy(rows).to(place).long(), static),
                torch.from_numpy(types).to(place).long(),
                torch.from_numpy(documents).to(place),
                Drop(),
            )
            found = {"vectors": vectors}
            for name, scorer in (("parser", network.parser), ("ner", network.ner)):
                if scorer is not None and name in enabled:
                    found[name] = scorer.rows(vectors)
        return {name: array.cpu().numpy() for name, array in found.items()}


def batches(docs: Iterable[Doc], most_words: int = MOST_WORDS) -> Iterator[list[Doc]]:
    """Documents in order, together at most `most_words`; longer ones alone."""
    batch: list[Doc] = []
    words = 0
    for doc in docs:
        if batch and words + len(doc) > most_words:
            yield batch
            batch, words = [], 0
        batch.append(doc)
        words += len(doc)
    if batch:
        yield batch
