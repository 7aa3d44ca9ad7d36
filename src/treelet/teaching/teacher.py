"""A batch of lessons in, the loss of every annotator out: encoder, outputs, rollouts, one scoring pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from treelet import _core
from treelet.annotators.shapes import entity_system, parser_system
from treelet.networks.device import PROCESSOR, Device
from treelet.networks.encoder import Drop, WordFeatures
from treelet.networks.layers import StateScorer
from treelet.networks.network import Network, OutputSizes
from treelet.networks.sentence_starts import SentenceStarts
from treelet.networks.transformer import Transformer
from treelet.settings import EntitySettings, ParserSettings, Settings
from treelet.teaching.beam import Windows, beam_entities, beam_parser, beam_walk, window_loss
from treelet.teaching.labels import Labels
from treelet.teaching.lessons import Lesson
from treelet.teaching.losses import Choices, action_loss, label_loss, start_loss
from treelet.teaching.rollouts import Visited, Walk, roll_entities, roll_parser
from treelet.teaching.word_types import WordTypes


@dataclass(frozen=True)
class Lowered:
    """Token vectors (tokens, width), and what a lower layer made of them."""

    vectors: Tensor
    rows: Tensor


class Teacher:
    """Holds the network and the transition systems; `losses` is the whole forward computation of a batch."""

    def __init__(
        self,
        settings: Settings,
        labels: Labels,
        types: WordTypes,
        device: Device = PROCESSOR,
        transformer: Transformer | None = None,
    ) -> None:
        """types: of all lessons that it will be given, at the time when it is."""
        self.settings, self.labels, self.device, self.transformer = settings, labels, device, transformer
        self._types = types
        self.system: _core.ArcEager | None = None
        self.moves: _core.EntityMoves | None = None
        if settings.parser is not None:
            self.system = parser_system(settings.parser, labels.packaged())
        if settings.ner is not None:
            self.moves = entity_system(settings.ner, labels.packaged())
        outputs = {
            "tagger": labels.xpos,
            "upos": labels.upos,
            "feats": labels.feats,
            "lemmatizer": labels.trees,
            "supertag": labels.supertag,
        }
        self.network = Network(
            settings,
            OutputSizes(
                tagged={name: len(found) for name, found in outputs.items() if found},
                parser=(len(self.system.features), self.system.n_actions) if self.system else (0, 0),
                ner=(len(self.moves.features), self.moves.n_actions) if self.moves else (0, 0),
            ),
        ).to(device.place)
        sections: dict[str, Any] = {
            "tagger": settings.tagger,
            "upos": settings.morphologizer,
            "feats": settings.morphologizer,
            "lemmatizer": settings.lemmatizer,
        }
        self._smoothing = {name: part.label_smoothing for name, part in sections.items() if part is not None}
        self._passes = 0.0
    def _tensor(self, array: npt.NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self.device.place)

    def losses(
        self, batch: Sequence[Lesson], seed: int, passes: float = 0.0, dropout: float | None = None
    ) -> dict[str, Tensor]:
        """Sum of the losses of each annotator over the batch, divided by the words of the batch.

        passes: over the data so far, which decides whether walks explore; dropout: in the place of the
        settings' for the encoder.
        """
        training = self.settings.training
        drop = Drop(training.dropout if dropout is None else dropout, training.word_dropout)
        with self.device.functions():
            return self._losses(batch, seed, passes, drop)

    def _losses(
        self, batch: Sequence[Lesson], seed: int, passes: float, drop: Drop
    ) -> dict[str, Tensor]:
        self._passes = passes
        types, index = np.unique(np.concatenate([e.types for e in batch]), return_inverse=True)
        documents = np.repeat(np.arange(len(batch)), [len(e) for e in batch])
        vectors = self.network.encoder(
            WordFeatures(self._tensor(self._types.rows(types)), self._tensor(self._types.static(types))),
            self._tensor(index),
            self._tensor(documents),
            drop,
            self._of_transformer(batch),
        )
        found = {name: self._tag_loss(name, vectors, batch) for name in self.network.tagged}
        if self.network.senter is not None:
            found["senter"] = self._senter_loss(self.network.senter, vectors, batch)
        if self.network.parser is not None:
            found["parser"] = self._parser_loss(self.network.parser, vectors, batch, seed)
        if self.network.ner is not None:
            found["ner"] = self._ner_loss(self.network.ner, vectors, batch, seed)
        return {name: loss / len(vectors) for name, loss in found.items() if loss is not None}

    def _of_transformer(self, batch: Sequence[Lesson]) -> Tensor | None:
        """What the transformer says of the words of a batch: (words, width)."""
        if self.transformer is None:
            return None
        found: Tensor = self.transformer([self._types.words_of(lesson.types) for lesson in batch])
        return found

    def _walk(self, settings: ParserSettings | EntitySettings, seed: int) -> Walk:
        exploration = settings.exploration if self._passes >= settings.exploration_start else 0.0
        return Walk(exploration, seed, self.settings.training.threads)

    def _tag_loss(self, name: str, vectors: Tensor, batch: Sequence[Lesson]) -> Tensor | None:
        chosen = _chosen(vectors, batch, [name in e.tags for e in batch])
        if chosen is None:
            return None
        labels = self._tensor(np.concatenate([e.tags[name] for e in batch if name in e.tags]))
        return label_loss(chosen, self.network.output(name), labels, self._smoothing.get(name, 0.0))

    def _senter_loss(self, layer: SentenceStarts, vectors: Tensor, batch: Sequence[Lesson]) -> Tensor | None:
        chosen, settings = _chosen(vectors, batch, [e.gaps is not None for e in batch]), self.settings.senter
        if chosen is None or settings is None:
            return None
        gaps = np.concatenate([e.gaps for e in batch if e.gaps is not None])
        starts = np.concatenate([e.gap_starts for e in batch if e.gap_starts is not None])
        log_odds = layer(chosen, self._tensor(gaps), settings.dropout)
        return settings.loss_weight * start_loss(log_odds, self._tensor(starts))

    def _parser_loss(
        self, scorer: StateScorer, vectors: Tensor, batch: Sequence[Lesson], seed: int
    ) -> Tensor | None:
        taught = [e.heads is not None for e in batch]
        chosen, settings = _chosen(vectors, batch, taught), self.settings.parser
        if chosen is None or settings is None or self.system is None:
            return None
        rows, walk = scorer.rows(chosen), self._walk(settings, seed)
        lessons = list(compress(batch, taught))
        if beam := beam_walk(settings, walk):
            windows = beam_parser(self.system, scorer, rows, lessons, beam)
            return _window_loss(scorer, Lowered(chosen, rows), windows, settings.dropout)
        presets = given_starts(lessons, settings.given_starts, seed)
        visited = roll_parser(self.system, scorer, rows, lessons, walk, presets)
        return _walk_loss(scorer, Lowered(chosen, rows), visited, settings)

    def _ner_loss(
        self, scorer: StateScorer, vectors: Tensor, batch: Sequence[Lesson], seed: int
    ) -> Tensor | None:
        taught = [e.iob is not None for e in batch]
        chosen, settings = _chosen(vectors, batch, taught), self.settings.ner
        if chosen is None or settings is None or self.moves is None:
            return None
        rows, walk = scorer.rows(chosen), self._walk(settings, seed)
        if beam := beam_walk(settings, walk):
            windows = beam_entities(self.moves, scorer, rows, list(compress(batch, taught)), beam)
            return _window_loss(scorer, Lowered(chosen, rows), windows, settings.dropout)
        visited = roll_entities(self.moves, scorer, rows, list(compress(batch, taught)), walk)
        outside = visited.gold[:, :1]  # Out is the first action
        weights = torch.where(outside, 1.0, settings.entity_weight)
        return _walk_loss(scorer, Lowered(chosen, rows), visited, settings, weights)


def given_starts(lessons: Sequence[Lesson], share: float, seed: int) -> npt.NDArray[np.int8] | None:
    """Gold sentence starts of a share of the lessons, chosen by chance; 0 for the words of all others."""
    if not share:
        return None
    given = np.random.default_rng(seed).random(len(lessons)) < share
    starts = [e.sent_starts if e.sent_starts is not None else np.zeros(len(e), np.int8) for e in lessons]
    return np.concatenate([column * np.int8(use) for column, use in zip(starts, given, strict=True)])


def _walk_loss(
    scorer: StateScorer,
    tokens: Lowered,
    visited: Visited,
    settings: ParserSettings | EntitySettings,
    weights: Tensor | None = None,
) -> Tensor | None:
    if not len(visited.positions):  # documents of one word leave nothing to choose
        return None
    hidden = scorer.hidden_units(tokens.rows, visited.positions, settings.dropout, tokens.vectors)
    counted = visited.valid if settings.normalize_over == "valid" else None
    return action_loss(hidden, scorer, Choices(counted, visited.gold, weights))


def _window_loss(
    scorer: StateScorer, tokens: Lowered, windows: Windows, dropout: float
) -> Tensor | None:
    if not len(windows.positions):  # nothing but right histories
        return None
    scores = scorer(tokens.rows, windows.positions, dropout, tokens.vectors)
    return window_loss(scores, windows)


def _chosen(vectors: Tensor, batch: Sequence[Lesson], wanted: Sequence[bool]) -> Tensor | None:
    """Vectors of the tokens of the wanted lessons, in order; None when there are none."""
    if all(wanted):
        return vectors
    if not any(wanted):
        return None
    mask = np.repeat(np.array(wanted), [len(e) for e in batch])
    return vectors[torch.from_numpy(mask).to(vectors.device)]
