"""Documents in, annotated documents out: PyTorch encodes them on a device, the core decides from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt
import torch

from treelet import _core
from treelet.annotators.choices import Choices, joined
from treelet.annotators.shapes import feature_settings
from treelet.doc import Doc
from treelet.errors import SettingsError
from treelet.networks import Stored
from treelet.networks.device import Device
from treelet.networks.encoder import Drop, WordFeatures
from treelet.networks.pretrained import stored_transformer
from treelet.networks.static_rows import StaticRows
from treelet.networks.stored import stored_network
from treelet.networks.tag_choices import TagChoices
from treelet.networks.transformer import Transformer

MOST_WORDS = 8192
"""Of a batch, unless one segment is longer. What comes back of a word takes about ten kilobytes."""

Evidence = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
Arrays = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Segment:
    """Words `begin` to `end` of a document, which the encoder sees at once; `walk` takes them in order."""

    doc: Doc
    walk: _core.SegmentWalk
    begin: int
    end: int
    is_last: bool

    def __len__(self) -> int:
        return self.end - self.begin


class DeviceAnnotator:
    """Annotates as the core does, from token vectors and lower layers that were computed on a device.

    Constant once made: any number of threads may annotate.
    """

    def __init__(self, stored: Stored, device: Device) -> None:
        settings = stored.settings
        self._core, self._device = stored.core, device
        self._network = stored_network(stored).to(device.place)
        self._features = feature_settings(settings.features)
        self._table_rows = settings.encoder.rows(settings.features)
        self._static = StaticRows(stored, device.place) if settings.encoder.vector_length else None
        self._tags = TagChoices(stored)
        self._transformer: Transformer | None = None
        if stored.transformer is not None and settings.transformer is not None:
            found = stored_transformer(stored.transformer, settings.transformer, settings.encoder.width)
            self._transformer = found.to(device.place)

    def make_doc(self, text: str) -> Doc:
        """The words of a text."""
        return Doc.from_columns(self._core.tokenize(text))

    def annotate(self, docs: Iterable[Doc], enabled: Sequence[str], threads: int = 1) -> Iterator[Doc]:
        """Annotate documents in place, and give them back in order; threads: of the core's part.

        Raises SettingsError when the device has no memory left.
        """
        for batch in batches(self._segments(docs, enabled), MOST_WORDS):
            if filled := [segment for segment in batch if len(segment)]:
                self._annotate_batch(filled, enabled, threads)
            for segment in batch:
                if segment.is_last:
                    segment.walk.finish(segment.doc.columns)
                    yield segment.doc

    def annotate_with_choices(
        self, docs: Iterable[Doc], enabled: Sequence[str]
    ) -> Iterator[tuple[Doc, dict[str, Choices]]]:
        """As `annotate`; beside each document the likeliest labels of its words, by label set."""
        parts: list[dict[str, Choices]] = []
        for batch in batches(self._segments(docs, enabled), MOST_WORDS):
            filled = [segment for segment in batch if len(segment)]
            told = self._tags.of(self._annotate_batch(filled, enabled, 1)) if filled else {}
            begin = 0
            for segment in batch:
                end = begin + len(segment)
                parts.append({name: each.part(begin, end) for name, each in told.items()})
                begin = end
                if segment.is_last:
                    segment.walk.finish(segment.doc.columns)
                    yield segment.doc, {name: joined([part[name] for part in parts]) for name in parts[0]}
                    parts = []

    def annotate_with_evidence(self, doc: Doc, enabled: Sequence[str]) -> Evidence:
        """Annotate one document in place; what the walks knew, as Pipeline.annotate_with_evidence has it."""
        segments = list(self._segments([doc], enabled))
        for batch in batches(segments, MOST_WORDS):
            if filled := [segment for segment in batch if len(segment)]:
                self._annotate_batch(filled, enabled, 1)
        walk = segments[-1].walk
        walk.finish(doc.columns)
        found: Evidence = walk.evidence()
        return found

    def _segments(self, docs: Iterable[Doc], enabled: Sequence[str]) -> Iterator[Segment]:
        """Of every document, in order; one without words where nothing is to be annotated."""
        for doc in docs:
            walk = _core.SegmentWalk(self._core, doc.columns, list(enabled))
            ends = walk.ends() or [0]
            for begin, end in pairwise([0, *ends]):
                yield Segment(doc, walk, begin, end, end == ends[-1])

    def _annotate_batch(
        self, batch: Sequence[Segment], enabled: Sequence[str], threads: int
    ) -> npt.NDArray[np.float32]:
        """Token vectors of the batch, which has been annotated."""
        arrays = self.encode(batch, enabled)
        cuts = np.cumsum([len(segment) for segment in batch])[:-1]
        parts = {name: np.split(array, cuts) for name, array in arrays.items()}
        of_segments = [(s, {name: found[i] for name, found in parts.items()}) for i, s in enumerate(batch)]
        documents = [list(group) for _, group in groupby(of_segments, key=lambda one: id(one[0].walk))]
        if threads == 1 or len(documents) == 1:
            for document in documents:
                _walk(document)
            return arrays["vectors"]
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(_walk, documents):
                pass
        return arrays["vectors"]

    def encode(self, batch: Sequence[Segment], enabled: Sequence[str]) -> Arrays:
        """Token vectors, and rows of the lower layers of parser and recognizer where they are enabled.

        By the names that SegmentWalk.annotate has for them: (words of the batch, numbers).
        """
        try:
            with torch.inference_mode(), self._device.functions():
                return self._encode(batch, enabled)
        except torch.OutOfMemoryError as error:
            raise SettingsError(
                f"device {self._device.name}: no memory left ({error}); use to('cpu'), or another device"
            ) from None

    def _encode(self, batch: Sequence[Segment], enabled: Sequence[str]) -> Arrays:
        network, place = self._network, self._device.place
        columns, spans = [s.doc.columns for s in batch], [(s.begin, s.end) for s in batch]
        types, rows, norms = _core.word_types(columns, spans, self._features, self._table_rows)
        numbers = np.repeat(np.arange(len(batch), dtype=np.int32), [len(segment) for segment in batch])
        vectors = network.encoder(
            WordFeatures(
                torch.from_numpy(rows).to(place).long(),
                self._static.of(norms) if self._static else torch.zeros(len(norms), 0, device=place),
            ),
            torch.from_numpy(types).to(place).long(),
            torch.from_numpy(numbers).to(place).long(),
            Drop(),
            None if self._transformer is None else self._transformer([_words(segment) for segment in batch]),
        )
        found = {"vectors": vectors}
        for name, scorer in (("parser", network.parser), ("ner", network.ner)):
            if scorer is not None and name in enabled:
                found[name] = scorer.rows(vectors)
        return {name: array.cpu().numpy() for name, array in found.items()}


def _words(segment: Segment) -> list[str]:
    return segment.doc.columns.word_column()[segment.begin : segment.end]


def _walk(document: Sequence[tuple[Segment, Arrays]]) -> None:
    """The segments of a document that are in a batch."""
    for segment, arrays in document:
        segment.walk.annotate(**arrays)


def batches(segments: Iterable[Segment], most_words: int) -> Iterator[list[Segment]]:
    """Segments in order, together at most `most_words`; longer ones alone."""
    batch: list[Segment] = []
    words = 0
    for segment in segments:
        if batch and words + len(segment) > most_words:
            yield batch
            batch, words = [], 0
        batch.append(segment)
        words += len(segment)
    if batch:
        yield batch
