"""Parts of a pipeline: frozen, taken over from another one, rehearsed while others are taught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import treelet
from small_pipeline import SMALL, TEXT, gold_docs, parameters, taught, teach, written
from treelet import Doc, SettingsError


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> list[Doc]:
    return gold_docs(tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize("frozen", [(), ("encoder",), ("ner",), ("encoder", "tagger"), ("parser", "senter")])
def test_what_is_frozen_stays_and_all_else_moves(frozen: tuple[str, ...], docs: list[Doc]) -> None:
    nlp = taught(docs)
    nlp.freeze(*frozen)
    assert set(nlp.frozen) == set(frozen)
    before = parameters(nlp)
    teach(nlp, docs)
    prefixes = {
        "encoder": ("embed.", "mix.", "encoder.", "recurrent."),
        **{name: (f"{name}.",) for name in ("ner", "tagger", "parser", "senter")},
    }
    still = tuple(prefix for name in frozen for prefix in prefixes[name])
    for name, array in parameters(nlp).items():
        stayed = bool(np.array_equal(array, before[name]))
        assert stayed == bool(still and name.startswith(still)), name
    nlp.unfreeze()
    before = parameters(nlp)
    teach(nlp, docs)
    assert not any(np.array_equal(array, before[name]) for name, array in parameters(nlp).items())


def test_frozen_with_a_frozen_encoder_means_no_word_changes(docs: list[Doc]) -> None:
    nlp = taught(docs, "tagger", "ner", passes=2)
    before = [[token.tag_ for token in nlp(doc.bare())] for doc in docs]
    nlp.freeze("encoder", "tagger")
    teach(nlp, docs, 3)
    assert [[token.tag_ for token in nlp(doc.bare())] for doc in docs] == before


def test_annotators_are_taken_over(docs: list[Doc], tmp_path: Path) -> None:
    source = taught(docs, "tagger", "ner", passes=6)
    nlp = treelet.blank("en", SMALL)
    nlp.add_pipe("ner", source=source)
    assert nlp.pipe_names == ["ner"]
    assert [e.label_ for e in nlp(TEXT).ents] == [e.label_ for e in source(TEXT).ents]
    nlp.add_pipe("tagger", source=source)
    assert written(nlp, docs) == written(source, docs)
    nlp.remove_pipe("ner")
    assert not nlp(TEXT).ents
    assert [t.tag_ for t in nlp(TEXT)] == [t.tag_ for t in source(TEXT)]
    nlp.to_disk(tmp_path / "p")
    assert treelet.load(tmp_path / "p").pipe_names == ["tagger"]
    stranger = taught(docs, "parser")
    with pytest.raises(SettingsError, match="parser reads another encoder than this pipeline has"):
        nlp.add_pipe("parser", source=stranger)
    assert nlp.pipe_names == ["tagger"]


def people_alone(docs: list[Doc]) -> list[Doc]:
    """Documents that annotate persons, and nothing else."""
    copies = [doc.bare() for doc in docs]
    for copy, doc in zip(copies, docs, strict=True):
        spans = [treelet.Span(copy, e.start, e.end, "human") for e in doc.ents if e.label_ == "person"]
        copy.ents = spans
    return copies


@pytest.mark.parametrize("rehearse", [True, False])
def test_what_new_examples_leave_open_is_rehearsed(rehearse: bool, docs: list[Doc]) -> None:
    places = [doc.bare() for doc in docs]
    for copy, doc in zip(places, docs, strict=True):
        copy.ents = [treelet.Span(copy, e.start, e.end, e.label_) for e in doc.ents if e.label_ == "place"]
    nlp = taught(places, "ner", passes=10)
    new = people_alone(docs)
    nlp.resume_training(new, rehearse=rehearse)
    assert nlp.get_pipe("ner").labels == ("place", "human")
    teach(nlp, new, 10)
    labels = [ent.label_ for ent in nlp(TEXT).ents]
    assert labels == (["human", "place"] if rehearse else ["human"])


def test_a_saved_pipeline_is_named_by_what_it_has(docs: list[Doc], tmp_path: Path) -> None:
    nlp = taught(docs, "parser")
    nlp.to_disk(tmp_path / "p", genre="tiny")
    nlp = treelet.load(tmp_path / "p")
    nlp.add_pipe("ner")
    nlp.resume_training(docs)
    nlp.to_disk(tmp_path / "q")
    both = treelet.load(tmp_path / "q")
    both.remove_pipe("parser")
    both.to_disk(tmp_path / "r")
    treelet.load(tmp_path / "q", exclude=["ner"]).to_disk(tmp_path / "s")
    joined = treelet.blank("en")
    for name in ("ner", "parser"):
        joined.add_pipe(name, source=treelet.load(tmp_path / "q"))
    joined.to_disk(tmp_path / "t", genre="tiny")
    for name, kind in (("p", "dep"), ("q", "core"), ("r", "ent"), ("s", "dep"), ("t", "core")):
        saved = treelet.load(tmp_path / name)
        assert saved.meta is not None
        assert saved.meta.name == f"en_{kind}_tiny_sm"
        assert saved.settings.pipeline == saved.pipe_names == saved.meta.annotators


def test_raw_text_is_rehearsed(docs: list[Doc]) -> None:
    nlp = taught(docs, "ner", "tagger", passes=6)
    with pytest.raises(SettingsError, match="resume_training comes first"):
        nlp.rehearse([TEXT])
    nlp.resume_training()
    losses: dict[str, float] = {}
    assert nlp.rehearse([doc.text for doc in docs[:5]], losses=losses) == losses
    assert set(losses) == {"ner", "tagger"}
    assert nlp.rehearse([]) == {}
