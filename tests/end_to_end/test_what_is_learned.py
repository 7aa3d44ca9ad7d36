"""One update moves every array that nlp.parameters() calls trained, and none that it calls otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from small_corpus import conllu, write
from treelet import _core
from treelet.annotators.inventory import Inventory
from treelet.formats import read_docs
from treelet.settings import settings_from_dict
from treelet.teaching.labels import collect_labels
from treelet.teaching.lessons import LessonMaker, WordTypes
from treelet.teaching.optimizer import Optimizer
from treelet.teaching.static_vectors import StaticVectors
from treelet.teaching.teacher import Teacher

WORDS = ["the", "dog", "tim", "rome", "saw", "in", "."]
VECTORS = {"vector_words": len(WORDS), "vector_length": 5}
ENCODER: dict[str, Any] = {
    "width": 24,
    "rows_norm": 400,
    "rows_prefix": [300],
    "rows_suffix": [300],
    "rows_shape": 200,
    "recurrent_layers": 2,
    "recurrent_units": 8,
}
ANNOTATORS: dict[str, dict[str, Any]] = {
    "tagger": {},
    "morphologizer": {},
    "lemmatizer": {},
    "senter": {"hidden": 6},
    "parser": {"hidden": 12, "supertag": False},
    "ner": {"hidden": 12},
}
# Without decay a number moves only where there is something to learn.
TRAINING = {"dropout": 0.0, "weight_decay": 0.0, "average": 0.0}


class Taught:
    """A fresh network on a small corpus, updated without nlp: its arrays, and its list of parameters."""

    def __init__(self, path: Path, annotators: Sequence[str], vectors: bool) -> None:
        encoder = ENCODER | (VECTORS if vectors else {})
        sections = {name: ANNOTATORS[name] for name in annotators}
        settings = settings_from_dict({"encoder": encoder, "training": TRAINING, **sections})
        torch.manual_seed(0)
        docs = list(read_docs(write(path / "t.conllu", conllu(30))))
        labels = collect_labels(docs, settings)
        self.teacher = Teacher(settings, labels)
        self.types = WordTypes(settings)
        parser_labels = self.teacher.system.labels if self.teacher.system else []
        self.lessons = LessonMaker(settings, labels, parser_labels, self.types).make(docs)
        self.vectors = static_vectors() if vectors else None
        self.teacher.use_types(self.types, self.vectors)
        self.optimizer = Optimizer(self.teacher.network, settings.training, 10_000)
        self.rows = {row.name: row for row in Inventory(settings, labels.packaged(), annotators).parameters()}

    def arrays(self) -> dict[str, np.ndarray]:
        found = {name: array.numpy().copy() for name, array in self.optimizer.average.arrays().items()}
        found |= {name: array.copy() for name, array in self.vectors.arrays().items()} if self.vectors else {}
        assert {name: array.shape for name, array in found.items()} == {
            name: row.shape for name, row in self.rows.items()
        }
        return found

    def update(self) -> None:
        losses = self.teacher.losses(self.lessons, seed=1)
        torch.stack(list(losses.values())).sum().backward()
        self.optimizer.step(sum(map(len, self.lessons)))

    def moved(self) -> set[str]:
        """Names of the arrays of which some number changes in one update."""
        before = self.arrays()
        self.update()
        return {name for name, array in self.arrays().items() if not np.array_equal(before[name], array)}

    def with_status(self, *statuses: str) -> set[str]:
        """Names of the arrays that the list gives one of these."""
        return {name for name, row in self.rows.items() if row.status in statuses}


def static_vectors() -> StaticVectors:
    random = np.random.default_rng(0)
    table = random.integers(-127, 128, (len(WORDS), VECTORS["vector_length"])).astype(np.int8)
    return StaticVectors(_core.norm_hashes(WORDS), table, np.full(VECTORS["vector_length"], 0.01, np.float32))


@pytest.mark.parametrize("vectors", [False, True], ids=["plain", "static vectors"])
@pytest.mark.parametrize("annotators", [(name,) for name in ANNOTATORS] + [tuple(ANNOTATORS)], ids="+".join)
def test_an_update_moves_all_that_is_trained(
    annotators: tuple[str, ...], vectors: bool, tmp_path: Path
) -> None:
    """Whichever annotator is taught, the encoder is taught with it, hash tables beside static vectors too."""
    taught = Taught(tmp_path, annotators, vectors)
    taught.update()  # what stands at zero in a fresh network has to leave it first
    assert taught.moved() == taught.with_status("trained")
    fixed = {"vectors.keys", "vectors.table", "vectors.scale"} if vectors else set()
    assert taught.with_status("pretrained") == fixed
    assert taught.with_status("trained") | fixed == set(taught.rows)


def test_the_first_update_of_a_fresh_network_moves_outputs_alone(tmp_path: Path) -> None:
    """They start at zero, and through zeros no gradient comes down."""
    taught = Taught(tmp_path, tuple(ANNOTATORS), vectors=True)
    layers = ("tagger", "upos", "feats", "lemmatizer", "parser.upper", "ner.upper")
    outputs = {f"{layer}.{part}" for layer in layers for part in ("weight", "bias")}
    assert taught.moved() == outputs | {"senter.upper", "senter.gaps"}


def test_rows_that_a_batch_reads_move_and_no_others(tmp_path: Path) -> None:
    taught = Taught(tmp_path, tuple(ANNOTATORS), vectors=True)
    taught.update()
    before = taught.arrays()
    taught.update()
    after, read = taught.arrays(), taught.types.rows()
    for number, table in enumerate(taught.teacher.settings.features.tables()):
        moved = (before[f"embed.{table}"] != after[f"embed.{table}"]).any(axis=1)
        assert set(np.flatnonzero(moved)) == set(read[:, number].ravel()), table
        assert not moved.all()
