"""The scores that a trained package tells in its manifest are those that `treelet evaluate` finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import treelet
from small_corpus import conllu, iob2, write
from small_pipeline import SMALL
from treelet.cli import run
from treelet.formats import read_docs
from treelet.package import Manifest
from treelet.scoring import Scores
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train
from treelet.training.base import Base
from treelet.training.counting import DevFile, count_scores, percent, told_scores

ENCODER: dict[str, Any] = SMALL["encoder"]


def taught(out: Path, files: list[Path], dev: list[Path], **more: Any) -> Manifest:
    training = {"epochs": 3, "learning_rate": 0.01, "batch_start": 60, "batch_stop": 60}
    settings = settings_from_dict({"language": "en", "encoder": ENCODER, "training": training} | more)
    list(train(TrainingJob(files, dev, out, settings)))
    return manifest(out)


def manifest(package: Path) -> Manifest:
    meta = treelet.load(package, verify=True).meta
    assert meta is not None
    return meta


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a package, `p`, and the two files that it was measured on."""
    folder = tmp_path_factory.mktemp("told")
    trees = write(folder / "t.conllu", conllu(40, entities=False))
    names = write(folder / "n.iob2", iob2(40, seed=1))
    dev = write(folder / "dev.conllu", run_together(conllu(20, seed=2, entities=False)))
    taught(folder / "p", [trees, names], [dev, write(folder / "dev.iob2", iob2(20, seed=3))])
    return folder


def run_together(treebank: str) -> str:
    """Text without a blank after "in", so that its words cannot all be found."""
    mark = "SpaceAfter=No"
    rows = (
        (row[:-1] + mark if row.endswith("_") else f"{row}|{mark}") if "\tin\tin\t" in row else row
        for row in treebank.split("\n")
    )
    return "\n".join(rows)


def evaluated(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert run(["evaluate", *map(str, arguments), "--json"]) == 0
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


def f1_of(found: dict[str, Any]) -> dict[str, float]:
    micro = {"ENTS": found["entities"]["micro"]} if "entities" in found else {}
    metrics = {name: each for name, each in found.items() if name not in ("entities", "labels")}
    return {name: round(100 * each["f1"], 2) for name, each in (metrics | micro).items()}


def labels_of(found: dict[str, Any], metric: str) -> dict[str, list[float]]:
    return {
        label: [round(100 * each[name], 2) for name in ("precision", "recall", "f1")]
        for label, each in found["labels"][metric].items()
    }


def test_the_same_figures_as_evaluate(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told = manifest(folder / "p")
    words = evaluated(capfd, folder / "p", folder / "dev.conllu", "--gold-words")
    raw = evaluated(capfd, folder / "p", folder / "dev.conllu")
    names = evaluated(capfd, folder / "p", folder / "dev.iob2", "--gold-words")
    assert told.scores == f1_of(words) | {"ENTS": f1_of(names)["ENTS"]}
    assert told.raw_scores == f1_of(raw)
    assert told.raw_scores["Words"] < told.scores["Words"] == 100
    assert "ENTS" not in told.raw_scores  # its file has words, and no text that anybody wrote
    assert list(told.label_scores) == ["UPOS", "XPOS", "UFeats", "LAS", "ENTS"]
    for metric, labels in told.label_scores.items():
        assert list(labels.items()) == list(labels_of(names if metric == "ENTS" else words, metric).items())
    assert set(told.label_scores["ENTS"]) == {"person", "place"}
    assert {"nsubj", "punct", "root"} < set(told.label_scores["LAS"])


def test_entities_of_a_file_with_text_are_measured_on_text_too(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path / "t.conllu", conllu(40))]
    dev = write(tmp_path / "dev.conllu", run_together(conllu(20, seed=2)))
    told = taught(tmp_path / "p", files, [dev])
    assert told.raw_scores == f1_of(evaluated(capfd, tmp_path / "p", dev))
    assert told.scores == f1_of(evaluated(capfd, tmp_path / "p", dev, "--gold-words"))
    assert 0 < told.raw_scores["ENTS"] < told.scores["ENTS"]


def test_figures_side_by_side_are_of_the_same_documents(folder: Path) -> None:
    """A file without text leaves no raw figure of what it annotates, whatever other files annotate."""
    nlp = treelet.load(folder / "p")
    other = conllu(10, seed=4).replace("B-place", "B-town")
    docs = list(read_docs(write(folder / "both.conllu", other)))
    words = list(read_docs(folder / "dev.iob2"))
    with_text, without = DevFile(docs), DevFile(words, has_text=False)
    alone = told_scores(nlp, [with_text], nlp.pipe_names)
    mixed = told_scores(nlp, [with_text, without], nlp.pipe_names)
    assert mixed["raw_scores"] == {k: v for k, v in alone["raw_scores"].items() if k != "ENTS"}
    assert "ENTS" in alone["raw_scores"]
    assert mixed["label_scores"]["ENTS"] != alone["label_scores"]["ENTS"]
    assert {**mixed["label_scores"], "ENTS": 0} == {**alone["label_scores"], "ENTS": 0}


def test_only_what_the_package_annotates_is_told(folder: Path, tmp_path: Path) -> None:
    told = taught(tmp_path / "p", [folder / "t.conllu"], [folder / "dev.conllu"], pipeline=["tagger"])
    assert set(told.scores) == set(told.raw_scores) == {"Tokens", "Words", "XPOS"}
    assert set(told.label_scores) == {"XPOS"}
    told = taught(tmp_path / "n", [folder / "n.iob2"], [folder / "dev.iob2"])
    assert (set(told.scores), told.raw_scores, set(told.label_scores)) == ({"ENTS"}, {}, {"ENTS"})


def test_many_labels_are_cut_to_the_most_frequent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treelet.training.counting.MOST_LABELS", 2)
    nlp = treelet.load(folder / "p")
    gold = [nlp("The dog saw Tim in Rome."), nlp("The cats liked Ana.")]
    found = told_scores(nlp, [DevFile(gold)], nlp.pipe_names)
    assert all(len(labels) <= 2 for labels in found["label_scores"].values())
    assert len(found["label_scores"]["UPOS"]) == 2


def test_a_package_that_was_taught_more(folder: Path, tmp_path: Path) -> None:
    """Each file counts the entities of its own types alone, as in the scores that decide."""
    more = write(tmp_path / "more.iob2", "the\tO\nBolt\tB-gadget\nworks\tO\n\n" * 10)
    settings = Base(folder / "p").settings_with({"training": {"epochs": 2}})
    dev = [more, folder / "dev.iob2"]
    list(train(TrainingJob([more], dev, tmp_path / "q", settings, base=folder / "p")))
    told = manifest(tmp_path / "q")
    assert told.raw_scores == {}
    assert set(told.label_scores) == {"ENTS"}
    assert set(told.label_scores["ENTS"]) == {"gadget", "person", "place"}
    nlp = treelet.load(tmp_path / "q")
    assert told.scores["ENTS"] == round(percent(of(nlp, dev))["ENTS"], 2)


def of(nlp: treelet.Pipeline, paths: list[Path]) -> Scores:
    files = []
    for path in paths:
        docs = list(read_docs(path))
        files.append(DevFile(docs, False, {ent.label_ for doc in docs for ent in doc.ents}))
    return count_scores(nlp, files, nlp.pipe_names)


def test_saved_again_unchanged_it_tells_the_same(folder: Path, tmp_path: Path) -> None:
    nlp = treelet.load(folder / "p")
    nlp.to_disk(tmp_path / "again")
    told, old = manifest(tmp_path / "again"), manifest(folder / "p")
    assert (told.raw_scores, told.label_scores) == (old.raw_scores, old.label_scores)
    nlp.remove_pipe("parser")
    nlp.to_disk(tmp_path / "changed")
    assert not manifest(tmp_path / "changed").label_scores


def test_tables_of_evaluate(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    package, dev = str(folder / "p"), str(folder / "dev.conllu")
    assert run(["evaluate", package, dev]) == 0
    short = capfd.readouterr().out
    assert run(["evaluate", package, dev, "--per-label"]) == 0
    out = capfd.readouterr().out
    assert out.startswith(short.rstrip("\n"))
    titles = [block.split("  ")[0] for block in out.split("\n\n")]
    assert titles == ["metric", "part of speech (UPOS)", "tag (XPOS)", "feature (UFeats)", "relation (LAS)"]
    gold = [int(line.split()[-1]) for line in out.split("\n\n")[1].splitlines()[1:]]
    assert gold == sorted(gold, reverse=True)
    assert run(["evaluate", package, dev, "--gold-words", "--gold-tokens"]) == 2
    assert "give one of them" in capfd.readouterr().err
