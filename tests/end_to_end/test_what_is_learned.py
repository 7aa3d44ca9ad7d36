"""One update moves every array that nlp.parameters() calls trained, and none that it calls otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import treelet
from small_corpus import conllu, write
from treelet import Doc, Pipeline
from treelet.annotators.shapes import feature_settings
from treelet.formats import read_docs
from treelet.package import arrays_of

WORDS = ["the", "dog", "tim", "rome", "saw", "in", "."]
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
# Without decay a number moves only where there is something to learn; stored as they are taught, not rounded.
TRAINING = {"dropout": 0.0, "weight_decay": 0.0, "average": 0.0, "stored": "fp32"}
EVERYONE = tuple(ANNOTATORS)
FIXED = {"vectors.keys", "vectors.table", "vectors.scale"}


class Taught:
    """A fresh pipeline on a small corpus, and which of its arrays an update moves."""

    def __init__(
        self, path: Path, annotators: tuple[str, ...], vectors: bool = True, **training: float
    ) -> None:
        self.nlp = treelet.blank("en", {"encoder": ENCODER, "training": TRAINING | training})
        for name in annotators:
            self.nlp.add_pipe(name, config=ANNOTATORS[name])
        self.docs = list(read_docs(write(path / "t.conllu", conllu(30))))
        self.nlp.initialize(self.docs, vectors=vector_file(path) if vectors else None)

    def update(self) -> None:
        self.nlp.update(self.docs)

    def arrays(self) -> dict[str, np.ndarray]:
        rows = {row.name: row.shape for row in self.nlp.parameters()}
        found = arrays_of(self.nlp._parts.tensors())
        assert {name: array.shape for name, array in found.items()} == rows
        return found

    def moved(self) -> set[str]:
        """Names of the arrays of which some number changes in one update."""
        before = self.arrays()
        self.update()
        after = self.arrays()
        return {name for name in before if not np.array_equal(before[name], after[name])}

    def with_status(self, *statuses: str) -> set[str]:
        """Names of the arrays that the list gives one of these."""
        return {row.name for row in self.nlp.parameters() if row.status in statuses}


def vector_file(folder: Path) -> Path:
    random = np.random.default_rng(0)
    lines = [f"{word} {' '.join(f'{number:.3f}' for number in random.normal(0, 1, 5))}" for word in WORDS]
    return write(folder / "vectors.txt", "\n".join(lines) + "\n")


def encoder_of(nlp: Pipeline) -> set[str]:
    return {row.name for row in nlp.parameters() if row.owner == "encoder"} - FIXED


def own(nlp: Pipeline, name: str) -> set[str]:
    return {row.name for row in nlp.parameters() if row.owner == name}


@pytest.mark.parametrize("vectors", [False, True], ids=["plain", "static vectors"])
@pytest.mark.parametrize("annotators", [*((name,) for name in ANNOTATORS), EVERYONE], ids="+".join)
def test_an_update_moves_all_that_is_trained(
    annotators: tuple[str, ...], vectors: bool, tmp_path: Path
) -> None:
    """The first one already. Whichever annotator is taught, the encoder is taught with it, and its hash
    tables beside static vectors too."""
    taught = Taught(tmp_path, annotators, vectors)
    assert taught.moved() == taught.with_status("trained")
    assert taught.with_status("pretrained") == (FIXED if vectors else set())
    assert taught.with_status("trained", "pretrained") == set(taught.arrays())


@pytest.mark.parametrize(
    "frozen", [("encoder",), ("ner",), ("morphologizer",), ("encoder", "parser"), EVERYONE], ids="+".join
)
def test_nothing_moves_that_is_frozen(frozen: tuple[str, ...], tmp_path: Path) -> None:
    """Neither decay nor the running average does it, either."""
    taught = Taught(tmp_path, EVERYONE, weight_decay=0.1, average=0.9)
    nlp = taught.nlp
    nlp.freeze(*frozen)
    held = set().union(*(encoder_of(nlp) if name == "encoder" else own(nlp, name) for name in frozen))
    assert taught.with_status("frozen") == held
    assert taught.moved() == taught.with_status("trained") == set(taught.arrays()) - held - FIXED
    nlp.unfreeze()
    assert taught.with_status("frozen") == set()
    assert taught.moved() == set(taught.arrays()) - FIXED


def test_what_is_loaded_is_free_until_it_is_frozen(tmp_path: Path) -> None:
    taught = Taught(tmp_path, ("tagger", "ner"))
    taught.update()
    taught.nlp.to_disk(tmp_path / "p")
    taught.nlp = treelet.load(tmp_path / "p")
    assert taught.with_status("frozen") == set()
    taught.nlp.freeze("encoder", "tagger")
    assert taught.moved() == own(taught.nlp, "ner")


def test_rows_that_a_batch_reads_move_and_no_others(tmp_path: Path) -> None:
    taught = Taught(tmp_path, EVERYONE)
    taught.update()
    before = taught.arrays()
    taught.update()
    after, settings = taught.arrays(), taught.nlp.settings
    read = np.concatenate([rows_of(doc, taught.nlp) for doc in taught.docs])
    for number, table in enumerate(settings.features.tables()):
        moved = (before[f"embed.{table}"] != after[f"embed.{table}"]).any(axis=1)
        assert set(np.flatnonzero(moved)) == set(read[:, number].ravel()), table
        assert not moved.all()


def rows_of(doc: Doc, nlp: Pipeline) -> np.ndarray:
    """Rows in the tables that its words read: (words, tables, 4)."""
    features = nlp.settings.features
    return treelet._core.feature_rows(
        doc.columns, feature_settings(features), nlp.settings.encoder.rows(features)
    )
