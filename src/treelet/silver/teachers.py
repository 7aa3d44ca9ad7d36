"""Documents of words and teachers in, silver documents out: what the teachers say, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from treelet.annotators.choices import Choices
from treelet.doc import Doc
from treelet.pipeline import Pipeline
from treelet.silver.cache import Silver
from treelet.silver.votes import voted


def annotated(
    teachers: Sequence[Pipeline], docs: Sequence[Doc], labels: Mapping[str, Sequence[str]] | None = None
) -> list[Silver]:
    """The documents with all that the teachers know. Their words stay as they are.

    Teachers that tell nothing of sentences are given the sentences of those that do. labels: label sets whose
    numbers choices shall have; the choices are those of the first teacher that has any.
    """
    choices: list[dict[str, Choices]] = [{} for _ in docs]
    first = [each for each in teachers if _tells_sentences(each)]
    told = [_told(each, docs, choices, labels or {}) for each in first]
    joined = [voted(each) for each in zip(*told, strict=True)]
    if len(first) < len(teachers):
        cut = [each.doc for each in joined] if joined else docs
        others = [each for each in teachers if not _tells_sentences(each)]
        told += [_told(each, cut, choices, labels or {}) for each in others]
        joined = [voted(each) for each in zip(*told, strict=True)]
    return [replace(each, choices=own) for each, own in zip(joined, choices, strict=True)]


def _tells_sentences(teacher: Pipeline) -> bool:
    return not {"senter", "parser"}.isdisjoint(teacher.pipe_names)


def _told(
    teacher: Pipeline,
    docs: Sequence[Doc],
    choices: Sequence[dict[str, Choices]],
    labels: Mapping[str, Sequence[str]],
) -> list[Doc]:
    """The documents as the teacher annotates them; choices: what it holds possible is added to these."""
    owned = teacher.tag_labels
    numbers = {name: _numbers(own, labels[name]) for name, own in owned.items() if name in labels}
    found: list[Doc] = []
    stream = teacher.pipe_with_choices(doc.bare(sentences=True) for doc in docs)
    for (doc, possible), known in zip(stream, choices, strict=True):
        found.append(doc)
        for name, each in possible.items():
            if name in numbers:
                known.setdefault(name, each.numbered(numbers[name]))
    return found


def _numbers(own: Sequence[str], labels: Sequence[str]) -> npt.NDArray[np.int16]:
    """The number of each own label among the others, -1 where it is not one of them."""
    at = {label: number for number, label in enumerate(labels)}
    return np.array([at.get(label, -1) for label in own], np.int16)
