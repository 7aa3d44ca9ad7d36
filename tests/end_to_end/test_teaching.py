"""Whole training jobs on a tiny treebank: they learn, they repeat bit for bit, and bad data is named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import treelet
from small_corpus import NOUNS, PEOPLE, PLACES, conllu, iob2, write
from treelet.cli import run
from treelet.errors import FormatError, TrainingError
from treelet.formats import read_docs
from treelet.scoring import entity_scores, score_docs
from treelet.settings import Settings, settings_from_dict
from treelet.training import Evaluated, Finished, Prepared, Stepped, TrainingJob, train

ENCODER = {
    "width": 24,
    "depth": 2,
    "rows_norm": 200,
    "rows_prefix": 50,
    "rows_suffix": 100,
    "rows_shape": 50,
}
FAST = {"epochs": 2, "batch_start": 60, "batch_stop": 60}


def small_settings(sections: dict[str, Any] | None = None, **training: Any) -> Settings:
    return settings_from_dict({"encoder": ENCODER, "training": FAST | training} | (sections or {}))


def job(train_files: Sequence[Path], dev: Sequence[Path], out: Path, **more: Any) -> TrainingJob:
    return TrainingJob(
        **({"train": train_files, "dev": dev, "out": out, "settings": small_settings()} | more)
    )


def test_a_tiny_treebank_is_learned(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(60))
    heldout = write(tmp_path / "d.conllu", conllu(20, seed=1))
    settings = small_settings(epochs=15, learning_rate=0.01, average=0.9)
    events = list(train(job([trees], [heldout], tmp_path / "p", settings=settings)))
    assert isinstance(events[0], Prepared)
    assert isinstance(events[-1], Finished)
    losses = [sum(event.losses.values()) for event in events if isinstance(event, Stepped)]
    assert np.mean(losses[-5:]) < 0.1 * np.mean(losses[:5])

    nlp = treelet.load(tmp_path / "p")
    gold = list(read_docs(heldout))
    found = [nlp(doc.bare()) for doc in gold]
    scores = score_docs(gold, found).metrics
    tags = Counter(tag for doc in gold for tag in doc.columns.upos_column())
    majority = tags.most_common(1)[0][1] / sum(tags.values())
    assert majority < 0.5
    for name in ("UPOS", "XPOS", "UFeats", "Lemmas", "UAS", "LAS", "Sentences"):
        assert scores[name].f1 > 0.9, name
    entities = entity_scores(gold, found)
    assert entities is not None
    assert entities.micro.f1 > 0.9
    assert [token.lemma_ for token in nlp("The children saw Ana in Rome.")][1:3] == ["child", "see"]


def test_progress_tells_what_happened(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(12))
    events = list(train(job([trees], [trees], tmp_path / "p")))
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    assert [event.epoch for event in evaluated] == [1, 2]
    assert isinstance(events[0], Prepared)
    assert evaluated[-1].words == 2 * events[0].words
    assert evaluated[0].best
    best = max(evaluated, key=lambda event: event.score)
    meta = treelet.load(tmp_path / "p", verify=True).meta
    assert meta is not None
    assert meta.scores == {name: round(score, 2) for name, score in best.scores.items()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p", "t.conllu"]


REPEAT = """
import sys
from pathlib import Path
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train
trees, out, settings = Path(sys.argv[1]), Path(sys.argv[2]), settings_from_dict(eval(sys.argv[3]))
list(train(TrainingJob(train=[trees], dev=[trees], out=out, settings=settings)))
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_job_gives_the_same_bytes(threads: int, tmp_path: Path) -> None:
    """Once here, where other work came before, and once in a process of its own with another hash seed."""
    trees = write(tmp_path / "t.conllu", conllu(14))
    training = FAST | {"threads": threads, "word_dropout": 0.1, "seed": 5, "epochs": 3 - threads}
    values = {"encoder": ENCODER, "training": training}
    list(train(job([trees], [trees], tmp_path / "a", settings=settings_from_dict(values))))
    command = [sys.executable, "-c", REPEAT, str(trees), str(tmp_path / "b"), repr(values)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    for name in ("weights.safetensors", "labels.json", "settings.toml", "tokenizer.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_another_seed_gives_another_network(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(10))
    for seed in (1, 2):
        list(train(job([trees], [trees], tmp_path / str(seed), settings=small_settings(seed=seed))))
    first, second = ((tmp_path / n / "weights.safetensors").read_bytes() for n in ("1", "2"))
    assert first != second


def test_a_treebank_and_a_list_of_entities_teach_one_pipeline(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(30, entities=False))
    names = write(tmp_path / "n.iob2", iob2(60, seed=2))
    settings = small_settings(epochs=12, learning_rate=0.01, average=0.9)
    mapped = {"person": "PER", "place": ""}
    events = list(
        train(job([trees, names], [trees, names], tmp_path / "p", settings=settings, label_map=mapped))
    )
    assert isinstance(events[0], Prepared)
    assert events[0].annotators == ["tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner"]
    nlp = treelet.load(tmp_path / "p")
    assert nlp.get_pipe("ner").labels == ("PER",)
    gold = list(read_docs(names, label_map=mapped))
    scores = entity_scores(gold, [nlp(doc.bare()) for doc in gold])
    assert scores is not None
    assert scores.micro.f1 > 0.9
    assert [(ent.text, ent.label_) for ent in nlp("The dog saw Tim in Rome .").ents] == [("Tim", "PER")]
    treebank = list(read_docs(trees))
    assert score_docs(treebank, [nlp(doc.bare()) for doc in treebank]).metrics["LAS"].f1 > 0.9


def test_entities_alone_teach_a_recognizer_alone(tmp_path: Path) -> None:
    names = write(tmp_path / "n.iob2", iob2(10))
    list(train(job([names], [names], tmp_path / "p")))
    assert treelet.load(tmp_path / "p").pipe_names == ["ner"]


def test_vectors_are_taught_with_and_packaged(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(10))
    known = [*PEOPLE, *PLACES, *(noun for pair in NOUNS for noun in pair)]
    rows = np.random.default_rng(0).standard_normal((len(known), 6)).round(3).tolist()
    vectors = write(
        tmp_path / "v.txt",
        "".join(f"{w} {' '.join(map(str, row))}\n" for w, row in zip(known, rows, strict=True)),
    )
    settings = replace(small_settings(epochs=1))
    list(train(job([trees], [trees], tmp_path / "p", settings=settings, vectors=vectors)))
    nlp = treelet.load(tmp_path / "p", verify=True)
    assert nlp.settings.encoder.vector_words == len({word.lower() for word in known})
    assert nlp.settings.encoder.vector_length == 6
    assert all(token.tag_ for token in nlp("The dog saw unseen Tim in Rome ."))


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"ner": {}}, "ask for ner, .* annotates iob: leave it out"),
        ({"lemmatizer": {}, "tagger": {}}, "ask for lemmatizer, .* annotates lemma"),
    ],
)
def test_an_annotator_that_nothing_teaches(sections: dict[str, Any], message: str, tmp_path: Path) -> None:
    lines = (line.split("\t") for line in conllu(3, entities=False).splitlines())
    text = "\n".join("\t".join([*f[:2], "_", *f[3:]]) if len(f) > 1 else "" for f in lines) + "\n"
    trees = write(tmp_path / "t.conllu", text)
    with pytest.raises(TrainingError, match=message):
        list(train(job([trees], [trees], tmp_path / "p", settings=small_settings(sections))))
    assert not (tmp_path / "p").exists()


def test_nothing_annotated(tmp_path: Path) -> None:
    bare = write(tmp_path / "bare.conllu", "1\tdog" + "\t_" * 8 + "\n\n")
    with pytest.raises(TrainingError, match="nothing can be taught"):
        list(train(job([bare], [bare], tmp_path / "p")))


@pytest.mark.parametrize("side", ["train", "dev"])
@pytest.mark.parametrize("content", ["", "\n\n\n", "# text = nothing\n\n"])
def test_an_empty_file_is_named(side: str, content: str, tmp_path: Path) -> None:
    good = write(tmp_path / "good.conllu", conllu(2))
    empty = write(tmp_path / "empty.conllu", content)
    files = {"train": [good], "dev": [good]} | {side: [good, empty]}
    with pytest.raises(TrainingError, match=r"empty\.conllu: holds no words"):
        list(train(job(files["train"], files["dev"], tmp_path / "p")))


@pytest.mark.parametrize("side", ["train", "dev"])
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("3\tonly\tthree", "columns"),
        ("3\tx\t_\t_\t_\t_\t99\tdep\t_\t_", "99"),
        ("x" + "\ty" * 9, "'x'"),
    ],
)
def test_a_malformed_line_is_named(side: str, line: str, message: str, tmp_path: Path) -> None:
    good = write(tmp_path / "good.conllu", conllu(2))
    lines = conllu(2).splitlines()
    lines[2] = line
    bad = write(tmp_path / "bad.conllu", "\n".join(lines) + "\n\n")
    files = {"train": [good], "dev": [good]} | {side: [bad]}
    with pytest.raises(FormatError, match=rf"bad\.conllu, line 3: .*{message}"):
        list(train(job(files["train"], files["dev"], tmp_path / "p")))


def test_development_data_must_be_there_and_annotated(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(4))
    names = write(tmp_path / "n.iob2", iob2(4))
    bare_names = write(tmp_path / "bare.conllu", conllu(4, entities=False))
    rows = [line.split("\t") for line in conllu(4).splitlines()]
    without = [[*row[:2], "_", *row[3:]] if len(row) == 10 else row for row in rows]
    no_lemmas = write(tmp_path / "l.conllu", "\n".join("\t".join(row) for row in without) + "\n\n")
    for dev, message in (
        ([], "one to measure on"),
        ([names], "what tagger, morphologizer, lemmatizer, senter, parser would be measured on"),
        ([bare_names], "what ner would be measured on"),
        ([no_lemmas], "what lemmatizer would be measured on"),
    ):
        with pytest.raises(TrainingError, match=message):
            list(train(job([trees], dev, tmp_path / "p")))


def test_the_command_line_names_missing_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    trees = str(write(tmp_path / "t.conllu", conllu(2)))
    out = ["--out", str(tmp_path / "p")]
    assert run(["train", "--train", trees, "--dev", str(tmp_path / "nowhere.conllu"), *out]) == 1
    assert "nowhere.conllu: no such file" in capfd.readouterr().err
    assert run(["train", "--train", trees, *out]) == 2
    assert "--dev" in capfd.readouterr().err


def test_a_folder_that_is_no_package_is_left_alone(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(2))
    (tmp_path / "p").mkdir()
    kept = write(tmp_path / "p" / "mine.txt", "mine")
    with pytest.raises(TrainingError, match="is not a package"):
        list(train(job([trees], [trees], tmp_path / "p")))
    assert kept.read_text() == "mine"
