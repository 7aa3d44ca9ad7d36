"""A small pipeline that is taught from Python, for tests of what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import treelet
from small_corpus import conllu, write
from treelet import Doc
from treelet.formats import read_docs
from treelet.pipeline import Pipeline

SMALL: dict[str, Any] = {
    "encoder": {
        "width": 24,
        "recurrent_layers": 1,
        "recurrent_units": 8,
        "rows_norm": 200,
        "rows_prefix": [50],
        "rows_suffix": [100],
        "rows_shape": 50,
    },
    "training": {"learning_rate": 0.01, "average": 0.9},
}
TEXT = "The dog saw Tim in Rome."


def gold_docs(folder: Path) -> list[Doc]:
    """The small treebank, two sentences a document."""
    return list(read_docs(write(folder / "t.conllu", apart(conllu(60)))))


def apart(treebank: str) -> str:
    """Two sentences a document."""
    blocks = treebank.strip().split("\n\n")
    return "".join(f"# newdoc\n{a}\n\n{b}\n\n" for a, b in zip(blocks[::2], blocks[1::2], strict=True))


def batches(docs: list[Doc], size: int = 6) -> Iterator[list[Doc]]:
    for start in range(0, len(docs), size):
        yield docs[start : start + size]


def teach(nlp: Pipeline, docs: list[Doc], passes: int = 1) -> dict[str, float]:
    losses: dict[str, float] = {}
    for _ in range(passes):
        losses.clear()
        for batch in batches(docs):
            nlp.update(batch, drop=0.1, losses=losses)
    return losses


def taught(docs: list[Doc], *annotators: str, passes: int = 1) -> Pipeline:
    nlp = treelet.blank("en", SMALL)
    for name in annotators:
        nlp.add_pipe(name)
    nlp.initialize(docs)
    teach(nlp, docs, passes)
    return nlp


def written(nlp: Pipeline, docs: list[Doc]) -> list[Any]:
    return [doc.to_json() for doc in nlp.pipe([doc.text for doc in docs])]


def parameters(nlp: Pipeline) -> dict[str, Any]:
    learner = nlp._teaching()
    return {name: array.copy() for name, array in learner.arrays().items()}
