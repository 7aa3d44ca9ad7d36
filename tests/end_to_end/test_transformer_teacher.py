"""`treelet train --encoder transformer`: a teacher is taught, resumed, loaded and run like any package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("transformers")

import torch

import treelet
from small_corpus import conllu, write
from small_pipeline import SMALL, TEXT, apart
from small_transformer import write_transformer
from treelet.cli import run
from treelet.errors import PackageError, SettingsError, TrainingError
from treelet.formats import read_docs
from treelet.package.files import TRANSFORMER_FILES, TRANSFORMER_WEIGHTS
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train
from treelet.training.calibration import calibrate

SETTINGS = {**SMALL, "transformer": {"window": 16, "precision": "fp32", "learning_rate": 0.001}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    made = tmp_path_factory.mktemp("teacher")
    write_transformer(made / "pretrained")
    write(made / "train.conllu", apart(conllu(60)))
    write(made / "dev.conllu", apart(conllu(20, seed=7)))
    for _ in train(job(made, "teacher")):
        pass
    return made


def job(folder: Path, out: str, **changes: Any) -> TrainingJob:
    settings = settings_from_dict({**SETTINGS, "training": {**SMALL["training"], "epochs": 6}})
    values: dict[str, Any] = {"settings": settings, "transformer": folder / "pretrained", **changes}
    return TrainingJob([folder / "train.conllu"], [folder / "dev.conllu"], folder / out, **values)


@pytest.fixture
def teacher(folder: Path) -> treelet.Pipeline:
    return treelet.load(folder / "teacher")


def columns(doc: treelet.Doc) -> list[tuple[Any, ...]]:
    return [(t.text, t.tag_, t.lemma_, t.head.i, t.dep_, t.ent_type_, t.head_probability) for t in doc]


def test_its_manifest_says_what_it_is(folder: Path, teacher: treelet.Pipeline, capsys: Any) -> None:
    assert teacher.meta is not None
    assert teacher.meta.teacher.startswith("BertModel, 2 layers of 16, ")
    assert set(TRANSFORMER_FILES) <= set(teacher.meta.files)
    assert teacher.meta.scores["UPOS"] > 80  # type: ignore[operator]
    assert run(["info", str(folder / "teacher")]) == 0
    assert "is not for shipping" in capsys.readouterr().out


def test_one_by_one_as_a_stream_and_on_threads(teacher: treelet.Pipeline) -> None:
    texts = [TEXT, "", "A cat liked Otto in Paris. The children saw Ana.", TEXT * 12]
    alone = [columns(teacher(text)) for text in texts]
    assert any(row[5] for row in alone[0])
    for docs in (teacher.pipe(texts), teacher.pipe(texts, threads=2)):
        for found, expected in zip(map(columns, docs), alone, strict=True):
            assert [row[:6] for row in found] == [row[:6] for row in expected]
            assert [row[6] for row in found] == pytest.approx([row[6] for row in expected], abs=1e-4)


def test_the_transformer_is_heard(folder: Path, teacher: treelet.Pipeline, tmp_path: Path) -> None:
    """The core alone would say something else."""
    other = teacher("the dog saw tim .")
    before = [t.head_probability for t in other]
    teacher._on_device = None
    assert [t.head_probability for t in teacher("the dog saw tim .")] != before


def test_probabilities_come_of_what_the_walks_knew_with_it(folder: Path, teacher: treelet.Pipeline) -> None:
    docs = list(read_docs(folder / "dev.conllu"))
    stored = (folder / "teacher" / "weights.safetensors").read_bytes()
    calibrate(folder / "teacher", docs)
    assert (folder / "teacher" / "weights.safetensors").read_bytes() == stored  # as training left it
    heads, entities = teacher.annotate_with_evidence(docs[0].bare())
    assert heads.shape == (len(docs[0]), 5)
    assert entities.shape[1] == 4


def test_stopped_and_resumed_it_is_the_same(folder: Path) -> None:
    started = train(job(folder, "again", checkpoint_seconds=0))
    for _ in range(4):
        next(started)
    started.close()
    for _ in train(job(folder, "again", resume=True)):
        pass
    for name in ("weights.safetensors", *TRANSFORMER_FILES):
        assert (folder / "again" / name).read_bytes() == (folder / "teacher" / name).read_bytes(), name


def test_it_is_neither_altered_nor_taught_more_nor_shipped(
    folder: Path, teacher: treelet.Pipeline, tmp_path: Path
) -> None:
    docs = list(read_docs(folder / "dev.conllu"))
    for change in (
        lambda: teacher.update(docs),
        lambda: teacher.resume_training(docs),
        lambda: teacher.initialize(docs),
        lambda: teacher.remove_pipe("ner"),
        lambda: treelet.blank("en").add_pipe("ner", source=teacher),
        lambda: teacher.to_disk(tmp_path / "copy"),
    ):
        with pytest.raises(SettingsError, match="this is a teacher"):
            change()
    with pytest.raises(TrainingError, match="is a teacher"):
        list(train(job(folder, "more", base=folder / "teacher", transformer=None)))
    from treelet.publishing.contents import read_contents

    with pytest.raises(PackageError, match="is not for shipping"):
        read_contents(folder / "teacher")


def test_excluded_annotators_and_damaged_files(folder: Path, tmp_path: Path) -> None:
    without = treelet.load(folder / "teacher", exclude=["ner"])
    assert without.pipe_names == [
        name for name in treelet.load(folder / "teacher").pipe_names if name != "ner"
    ]
    for path in (folder / "teacher").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / TRANSFORMER_WEIGHTS).unlink()
    with pytest.raises(PackageError):
        treelet.load(tmp_path)


def test_options_that_go_together(folder: Path, capsys: Any) -> None:
    files = ["--train", str(folder / "train.conllu"), "--dev", str(folder / "dev.conllu")]
    files += ["--out", str(folder / "x")]
    assert run(["train", *files, "--encoder", "transformer"]) == 2
    assert run(["train", *files, "--transformer", str(folder)]) == 2
    assert "go together" in capsys.readouterr().err
    assert run(["train", *files, "--encoder", "transformer", "--transformer", str(folder)]) == 1
    assert "expected a folder with config.json" in capsys.readouterr().err


def test_evaluate(folder: Path, capsys: Any) -> None:
    assert run(["evaluate", str(folder / "teacher"), str(folder / "dev.conllu"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["UPOS"]["f1"] > 0.8
