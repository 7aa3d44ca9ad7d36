"""nlp is taught from Python: from nothing, further, in part; saved, loaded, and wrong calls are errors."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import treelet
from small_corpus import conllu, iob2, write
from treelet import Doc, Example, SettingsError, TextError, TrainingError
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


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> list[Doc]:
    path = write(tmp_path_factory.mktemp("data") / "t.conllu", apart(conllu(60)))
    return list(read_docs(path))


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[Doc]:
    return list(read_docs(write(tmp_path_factory.mktemp("data") / "n.iob2", iob2(40, seed=2))))


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


def parameters(nlp: Pipeline) -> dict[str, Any]:
    learner = nlp._teaching()
    return {name: array.copy() for name, array in learner.arrays().items()}


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
    with pytest.raises(SettingsError, match="'parser' is not in this pipeline: encoder, ner"):
        nlp.freeze("parser")
    assert nlp.update([]) == {}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(treelet.PackageError, match="is not a package"):
        nlp.to_disk(tmp_path / "mine")


def test_teaching_that_diverges_is_an_error(docs: list[Doc]) -> None:
    values = SMALL | {"training": {"learning_rate": 1.0, "gradient_clip": 0.0, "average": 0.0}}
    nlp = treelet.blank("en", values)
    nlp.add_pipe("ner")
    nlp.initialize(docs)
    with pytest.raises(TrainingError, match=r"has diverged; lower training|is not finite"):  # noqa: PT012
        for _ in range(40):
            nlp.update(docs[:4], rate=1e30)


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


def test_raw_text_is_rehearsed(docs: list[Doc]) -> None:
    nlp = taught(docs, "ner", "tagger", passes=6)
    with pytest.raises(SettingsError, match="resume_training comes first"):
        nlp.rehearse([TEXT])
    nlp.resume_training()
    losses: dict[str, float] = {}
    assert nlp.rehearse([doc.text for doc in docs[:5]], losses=losses) == losses
    assert set(losses) == {"ner", "tagger"}
    assert nlp.rehearse([]) == {}
