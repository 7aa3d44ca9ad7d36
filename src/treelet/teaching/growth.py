"""The weights of a package in, the start of a network with labels or annotators more out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from treelet.annotators.shapes import entity_system, parser_system
from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.errors import SettingsError
from treelet.settings import Settings
from treelet.teaching.labels import Labels
from treelet.teaching.teacher import Teacher

_LABEL_SETS = {"tagger": "xpos", "upos": "upos", "feats": "feats", "lemmatizer": "trees"}

LabelSets = Mapping[str, Sequence[str]]


def grown_labels(old: LabelSets, found: Labels, settings: Settings) -> Labels:
    """The old label sets in their order, what was found besides behind them; supertags as found.

    Sets of annotators that the settings do not have stay empty.
    """
    wanted = {name for each in settings.annotators() for name in ANNOTATOR_TABLE[each].label_sets}
    sets = {name: list(dict.fromkeys([*old.get(name, ()), *getattr(found, name)])) for name in wanted}
    return Labels(**sets, supertag=found.supertag)


def take_over(teacher: Teacher, arrays: Mapping[str, npt.NDArray[Any]], old: LabelSets) -> None:
    """Copy the weights of a package into the network of `teacher`, rows of labels and actions by their name.

    Rows of labels that the package does not have start as the mean of the old ones of their kind: their score
    never is the highest, so that the network annotates as before until it is taught. Annotators that the
    package lacks stay as they are. Raises SettingsError where a layer has another shape.
    """
    for name, target in teacher.network.arrays().items():
        if name not in arrays:
            continue
        source = torch.from_numpy(np.array(arrays[name], dtype=np.float32))
        rows = _rows(name, teacher, old)
        there, wanted = source.shape, target.shape
        if there[1:] != wanted[1:] or (rows is None and there != wanted):
            raise SettingsError(
                f"settings: {name} has shape {tuple(wanted)} by them, {tuple(there)} in the base package: "
                "what has been taught keeps its structure; leave its encoder and its annotators as they are"
            )
        if rows is None:
            target.copy_(source)
        else:
            for row, sources in enumerate(rows):
                if sources:
                    target[row] = source[sources].mean(0).to(target.device)


def _rows(name: str, teacher: Teacher, old: LabelSets) -> list[list[int]] | None:
    """For each row of an array of the network, those of the package that it starts as the mean of.

    None where rows are no labels.
    """
    layer = name.split(".")[0]
    if layer in _LABEL_SETS:
        before = list(old[_LABEL_SETS[layer]])
        now = teacher.labels.packaged()[_LABEL_SETS[layer]]
    elif name.startswith("parser.upper.") and teacher.system and teacher.settings.parser:
        before = parser_system(teacher.settings.parser, old).actions
        now = teacher.system.actions
    elif name.startswith("ner.upper.") and teacher.moves and teacher.settings.ner:
        before = entity_system(teacher.settings.ner, old).actions
        now = teacher.moves.actions
    else:
        return None
    numbers = {label: number for number, label in enumerate(before)}
    kinds: dict[str, list[int]] = {}
    for number, label in enumerate(before):
        kinds.setdefault(_kind(name, label), []).append(number)
    return [[numbers[label]] if label in numbers else kinds.get(_kind(name, label), []) for label in now]


def _kind(name: str, label: str) -> str:
    """Of an action, what it does whatever its label; labels themselves are all of one kind."""
    return label.partition("-")[0] if ".upper." in name else ""
