"""Any settings at all either teach for two steps and make a package that annotates, or raise our error."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import treelet
from random_package import save_random_package
from random_settings import random_values, right, wrong
from small_corpus import conllu, iob2, write
from treelet.doc import Doc
from treelet.errors import SettingsError, TrainingError
from treelet.package import save_package
from treelet.settings import (
    ANNOTATION_SETTINGS,
    ANNOTATORS,
    Settings,
    all_fields,
    settings_for_teaching,
    settings_from_dict,
    settings_to_toml,
)
from treelet.settings.reader import settings_from_toml
from treelet.teaching.coverage import complete_settings
from treelet.teaching.labels import collect_labels, usable_labels
from treelet.teaching.learner import Learner
from treelet.teaching.static_vectors import StaticVectors, read_static_vectors, with_vectors
from treelet.teaching.tokenization import taught_rules
from treelet.training.corpus import read_corpora

EXAMPLES = int(os.environ.get("TREELET_RANDOM_SETTINGS", "300"))
TEXT = "The dogs saw Tim in Rome. A cat found Ana!\n\nThis river"
CORPORA: dict[str, tuple[str, ...]] = {  # what each can teach
    "all": ANNOTATORS,
    "trees": ("tagger", "morphologizer", "lemmatizer", "senter", "parser"),
    "names": ("ner",),
    "single words": ("tagger", "morphologizer", "lemmatizer"),
    "no left heads": ("tagger", "morphologizer", "lemmatizer", "parser"),
}
outcomes: Counter[str] = Counter()


@cache
def corpus(kind: str) -> list[Doc]:
    """Documents with every annotation, with trees alone, with entities alone; and odd ones."""
    trees = conllu(9, seed=3)
    contents = {
        "all": ("a.conllu", trees),
        "trees": ("a.conllu", conllu(9, entities=False)),
        "names": ("a.iob2", iob2(9)),
        "single words": ("a.conllu", "1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\tNER=O\n\n" * 3),
        "no left heads": (
            "a.conllu",
            "1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n2\thome\thome\tADV\tRB\t_\t1\tadvmod\t_\t_\n\n" * 3,
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        return read_corpora([write(Path(folder, contents[kind][0]), contents[kind][1])], {})


@cache
def vectors() -> StaticVectors:
    with tempfile.TemporaryDirectory() as folder:
        return read_static_vectors(write(Path(folder, "v.txt"), "the 1 0 -1\ndogs 0.5 2 3\nrome 1 1 1\n"), 0)


def teach_two_steps(settings: Settings, docs: list[Doc], static: StaticVectors | None, folder: Path) -> None:
    """As a training run does it: complete, number, teach, save. Raises SettingsError or TrainingError."""
    settings = complete_settings(settings_for_teaching(settings, static is not None), docs)
    if static is not None:
        settings = with_vectors(settings, static)
    learner = Learner(settings, usable_labels(collect_labels(docs, settings), settings), static)
    lessons = learner.lessons(docs)
    learner.plan_words(100)
    for step in range(2):
        losses = learner.step(lessons, seed=step, passes=float(step))
        assert all(math.isfinite(loss) for loss in losses.values()), losses
    arrays = learner.arrays()
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise TrainingError("diverged in the last step")
    save_package(
        folder,
        settings=learner.settings,
        weights=arrays,
        labels=learner.labels.packaged(),
        tokenizer_json=json.dumps(taught_rules(settings.language, docs)),
        stored=settings.training.stored,
        genre="random",
    )


@pytest.fixture(scope="module", autouse=True)
def _many_were_taught() -> Any:
    """What was drawn must not have been refused all along, nor all been right."""
    yield
    total = sum(outcomes.values())
    if total >= 100:
        assert outcomes["taught"] > total / 5, outcomes
        assert outcomes["SettingsError"] > total / 20, outcomes


@hypothesis_settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
@given(st.data(), st.sampled_from([*CORPORA, "all", "all"]), st.integers(0, 3))
def test_random_settings_teach_or_are_refused(data: st.DataObject, kind: str, with_vectors: int) -> None:
    values = data.draw(random_values(CORPORA[kind]))
    with tempfile.TemporaryDirectory() as folder:
        try:
            settings = settings_from_dict(values)
            teach_two_steps(settings, corpus(kind), None if with_vectors else vectors(), Path(folder, "p"))
        except (SettingsError, TrainingError) as error:
            said = type(error).__name__
        else:
            said = "taught"
            nlp = treelet.load(Path(folder, "p"))
            doc = nlp(TEXT)
            assert doc.text == TEXT
            assert nlp.settings == settings_from_toml(settings_to_toml(nlp.settings))
        outcomes[said] += 1
        event(said)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of random weights, with every annotator."""
    return save_random_package(tmp_path_factory.mktemp("random"), senter={"hidden": 3})


@hypothesis_settings(max_examples=max(EXAMPLES // 3, 50), deadline=None)
@given(st.data())
def test_a_package_takes_random_settings_or_refuses(package: Path, data: st.DataObject) -> None:
    changes: dict[str, Any] = {}
    fields = {f"{section}.{field.name}": field for section, field in all_fields()}
    for path in data.draw(st.lists(st.sampled_from(ANNOTATION_SETTINGS), max_size=3)):
        is_right = data.draw(st.integers(0, 5))
        changes[path] = data.draw(right(fields[path]) if is_right else wrong(fields[path]))
    with suppress(SettingsError):
        assert treelet.load(package, settings=changes)(TEXT).text == TEXT
