"""nlp is taught from Python: from nothing and further; saved, loaded, and wrong calls are errors."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import treelet
from small_corpus import iob2, write
from small_pipeline import SMALL, TEXT, gold_docs, parameters, taught, teach, written
from treelet import Doc, Example, SettingsError, TextError, TrainingError
from treelet.formats import read_docs


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> list[Doc]:
    return gold_docs(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[Doc]:
    return list(read_docs(write(tmp_path_factory.mktemp("data") / "n.iob2", iob2(40, seed=2))))


def test_a_blank_pipeline_tokenizes() -> None:
    nlp = treelet.blank("pt")
    assert (nlp.lang, nlp.pipe_names, nlp.labels) == ("pt", [], {})
    assert [token.text for token in nlp("Olá, mundo.")] == ["Olá", ",", "mundo", "."]
    assert [len(doc) for doc in nlp.pipe(["Um.", "", "Dois três"], threads=2)] == [2, 0, 2]
    assert [t.text for t in treelet.blank("xx-unknown")("a b")] == ["a", "b"]
    assert pickle.loads(pickle.dumps(nlp))("Olá!").text == "Olá!"


def test_from_nothing_to_a_package(docs: list[Doc], tmp_path: Path) -> None:
    nlp = treelet.blank("en", SMALL)
    component = nlp.add_pipe("ner", config={"hidden": 16})
    assert component.cfg["hidden"] == 16
    nlp.add_pipe("parser")
    assert nlp.pipe_names == ["parser", "ner"]
    nlp.initialize(lambda: docs)
    assert set(nlp.get_pipe("ner").labels) == {"person", "place"}
    assert {"parser", "ner", "supertag"} == set(teach(nlp, docs, 12))
    scores = nlp.evaluate(docs)
    assert scores["LAS"].f1 > 0.9
    assert scores.entities is not None
    assert scores.entities.micro.f1 > 0.9
    assert [(e.text, e.label_) for e in nlp(TEXT).ents] == [("Tim", "person"), ("Rome", "place")]

    nlp.to_disk(tmp_path / "p", genre="tiny", licence="MIT")
    again = treelet.load(tmp_path / "p", verify=True)
    assert again.meta is not None
    assert (again.meta.name, again.meta.licence) == ("en_core_tiny_sm", "MIT")
    assert written(again, docs) == written(nlp, docs)
    again.to_disk(tmp_path / "q")
    for name in ("weights.safetensors", "manifest.json", "labels.json", "settings.toml"):
        assert (tmp_path / "q" / name).read_bytes() == (tmp_path / "p" / name).read_bytes(), name


def test_annotators_are_those_that_examples_can_teach_where_none_was_added(docs: list[Doc]) -> None:
    nlp = treelet.blank("en", SMALL)
    nlp.initialize(docs)
    assert nlp.pipe_names == ["tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner"]
    assert nlp(TEXT)[0].tag_


def test_the_same_calls_give_the_same_parameters(docs: list[Doc]) -> None:
    first, second = (written(taught(docs, "ner", "tagger"), docs) for _ in range(2))
    assert first == second


def test_going_on_starts_where_it_was(docs: list[Doc], tmp_path: Path) -> None:
    taught(docs, "ner", "parser", passes=4).to_disk(tmp_path / "p")
    nlp = treelet.load(tmp_path / "p")
    before = written(nlp, docs)
    nlp.resume_training()
    assert written(nlp, docs) == before
    scored = nlp.evaluate(docs)["LAS"].f1
    assert teach(nlp, docs, 4)["parser"] > 0
    assert nlp.evaluate(docs)["LAS"].f1 >= scored
    with pytest.raises(TypeError, match="to_disk"):
        pickle.dumps(nlp)


def test_a_loaded_pipeline_is_updated_at_once(docs: list[Doc], tmp_path: Path) -> None:
    taught(docs, "ner", passes=2).to_disk(tmp_path / "p")
    nlp = treelet.load(tmp_path / "p")
    assert nlp.update(docs[:5])["ner"] > 0


def test_labels_and_annotators_join_what_is_there(docs: list[Doc], names: list[Doc]) -> None:
    nlp = taught(docs, "parser", passes=6)
    las = nlp.evaluate(docs)["LAS"].f1
    nlp.add_pipe("ner")
    with pytest.raises(SettingsError, match=r"ner: added, but never taught; nlp.resume_training"):
        nlp(TEXT)
    with pytest.raises(TrainingError, match="do not annotate what ner needs"):
        nlp.resume_training()
    nlp.resume_training(names)
    assert nlp.evaluate(docs)["LAS"].f1 == las
    teach(nlp, docs + names, 8)
    assert nlp.evaluate(docs)["LAS"].f1 > 0.9
    text = "Tim saw the Beatles."
    band = Example.from_offsets(nlp.make_doc(text), [(0, 3, "person"), (12, 19, "band")])
    with pytest.raises(TrainingError, match=r"'Beatles' is labelled 'band', which ner does not know"):
        nlp.update([band])
    nlp.resume_training([band])
    assert nlp.get_pipe("ner").labels == ("person", "place", "band")
    for _ in range(30):
        nlp.update([band, *docs[:3]])
    assert [ent.label_ for ent in nlp("Tim saw the Beatles.").ents] == ["person", "band"]


def test_a_device_follows_what_is_taught(docs: list[Doc]) -> None:
    nlp = taught(docs, "ner", passes=6).to("torch-cpu")
    on_device = [ent.label_ for ent in nlp(TEXT).ents]
    assert on_device == ["person", "place"]
    teach(nlp, docs, 1)
    assert nlp.device == "torch-cpu"
    assert nlp(TEXT).ents


def test_static_vectors_are_read_and_never_change(docs: list[Doc], tmp_path: Path) -> None:
    lines = "".join(f"{word} {i}.5 -1 0.25\n" for i, word in enumerate(("dog", "cat", "tim")))
    nlp = treelet.blank("en", SMALL)
    nlp.add_pipe("ner")
    nlp.initialize(docs, vectors=write(tmp_path / "v.txt", lines))
    before = parameters(nlp)
    teach(nlp, docs)
    after = parameters(nlp)
    assert [name for name in before if np.array_equal(before[name], after[name])] == [
        "vectors.keys",
        "vectors.table",
        "vectors.scale",
    ]
    nlp.to_disk(tmp_path / "p")
    again = treelet.load(tmp_path / "p")
    again.resume_training()
    assert written(again, docs) == written(nlp, docs)


def test_wrong_calls_say_what_is_right(docs: list[Doc], tmp_path: Path) -> None:
    nlp = treelet.blank("en", SMALL)
    with pytest.raises(SettingsError, match="'nre' is no annotator; did you mean 'ner'"):
        nlp.add_pipe("nre")
    with pytest.raises(SettingsError, match=r"ner.hiden: is not a setting; did you mean ner.hidden"):
        nlp.add_pipe("ner", config={"hiden": 3})
    with pytest.raises(SettingsError, match="nothing has been taught"):
        nlp.update(docs[:1])
    with pytest.raises(SettingsError, match="no annotators: there is nothing to save"):
        nlp.to_disk(tmp_path / "p")
    nlp.add_pipe("ner")
    with pytest.raises(SettingsError, match="in this pipeline already"):
        nlp.add_pipe("ner")
    with pytest.raises(SettingsError, match=r"ner: added, but never taught; nlp.initialize"):
        nlp.to_disk(tmp_path / "p")
    with pytest.raises(TrainingError, match="ask for ner"):
        nlp.initialize([Doc(words=["a"], tags=["X"])])
    with pytest.raises(TrainingError, match="ask for ner"):
        nlp.initialize([])
    nlp.initialize(docs)
    with pytest.raises(TextError, match="expected"):
        nlp.update(["a text"])  # type: ignore[list-item]
    with pytest.raises(SettingsError, match=r"drop: found 1.5, expected 0 to 0.9"):
        nlp.update(docs[:1], drop=1.5)
    for rate in (-0.1, 1.5, float("nan")):
        with pytest.raises(SettingsError, match=r"rate: found .*, expected 0 to 1"):
            nlp.update(docs[:1], rate=rate)
    with pytest.raises(SettingsError, match="'parser' is not in this pipeline: encoder, ner"):
        nlp.freeze("parser")
    assert nlp.update([]) == {}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(treelet.PackageError, match="is not a package"):
        nlp.to_disk(tmp_path / "mine")


def test_teaching_that_diverges_is_an_error(docs: list[Doc]) -> None:
    """Steps as large as allowed do not get there by themselves."""
    nlp = taught(docs, "tagger")
    nlp._teaching().network.output("tagger").bias.data.fill_(float("nan"))
    before = parameters(nlp)["mix.weight"]
    with pytest.raises(TrainingError, match=r"loss of tagger is nan: teaching has diverged; lower"):
        nlp.update(docs[:4])
    assert np.array_equal(parameters(nlp)["mix.weight"], before)
