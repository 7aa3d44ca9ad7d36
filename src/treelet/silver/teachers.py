"""Documents of words and teachers in, silver documents out: what the teachers say, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence

from treelet.doc import Doc
from treelet.pipeline import Pipeline
from treelet.silver.cache import Silver
from treelet.silver.votes import voted

BATCH = 64
"""Documents annotated at a time."""


def annotated(teachers: Sequence[Pipeline], docs: Sequence[Doc]) -> list[Silver]:
    """The documents with all that the teachers know. Their words stay as they are.

    Teachers that tell nothing of sentences are given the sentences of those that do.
    """
    first = [each for each in teachers if _tells_sentences(each)]
    told = [_told(each, docs) for each in first]
    joined = [voted(each) for each in zip(*told, strict=True)]
    if len(first) == len(teachers):
        return joined
    cut = [each.doc for each in joined] if joined else docs
    told += [_told(each, cut) for each in teachers if not _tells_sentences(each)]
    return [voted(each) for each in zip(*told, strict=True)]


def _tells_sentences(teacher: Pipeline) -> bool:
    return not {"senter", "parser"}.isdisjoint(teacher.pipe_names)


def _told(teacher: Pipeline, docs: Sequence[Doc]) -> list[Doc]:
    bare = [doc.bare(sentences=True) for doc in docs]
    return list(teacher.pipe(bare, batch_size=BATCH))
