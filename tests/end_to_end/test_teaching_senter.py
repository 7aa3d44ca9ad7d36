"""A splitter taught alone, and one that a parser is bound by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import treelet
from small_corpus import conllu, iob2, write
from treelet import Doc
from treelet.formats import read_docs, write_jsonl
from treelet.scoring import score_docs
from treelet.settings import Settings, settings_from_dict
from treelet.training import TrainingJob, train

SIZES = {"rows_norm": 200, "rows_prefix": [50], "rows_suffix": [100], "rows_shape": 50}


def small(**sections: Any) -> Settings:
    training = {"epochs": 8, "learning_rate": 0.02, "average": 0.9, "batch_start": 60, "batch_stop": 100}
    encoder = {"width": 16, "depth": 1} | SIZES
    return settings_from_dict({"encoder": encoder, "training": training} | sections)


def test_alone_it_is_a_sentence_splitter(tmp_path: Path) -> None:
    file = write(tmp_path / "t.conllu", conllu(60, entities=False))
    settings = small(pipeline=["senter"])
    list(train(TrainingJob([file], [file], tmp_path / "p", settings)))
    nlp = treelet.load(tmp_path / "p")
    assert nlp.pipe_names == ["senter"]
    gold = list(read_docs(file))
    scores = score_docs(gold, [nlp(doc.bare()) for doc in gold]).metrics
    assert scores["Sentences"].f1 == 1.0
    text = "The dog saw Tim in Rome . A cat liked Ana ."
    assert [sent.text for sent in nlp(text).sents] == ["The dog saw Tim in Rome .", "A cat liked Ana ."]


def test_with_a_parser_it_comes_unasked_and_with_entities_alone_it_does_not(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(30, entities=False))
    settings = small(parser={"given_starts": 0.5})
    settings = replace(settings, training=replace(settings.training, epochs=1))
    list(train(TrainingJob([trees], [trees], tmp_path / "p", settings)))
    assert "senter" in treelet.load(tmp_path / "p").pipe_names
    names = write(tmp_path / "n.iob2", iob2(20))
    plain = replace(settings, parser=None)
    list(train(TrainingJob([names], [names], tmp_path / "n", plain)))
    assert treelet.load(tmp_path / "n").pipe_names == ["ner"]


def test_development_documents_of_one_sentence_each_will_do(tmp_path: Path) -> None:
    trees = write(tmp_path / "t.conllu", conllu(30, entities=False))
    one = write(tmp_path / "one.conllu", conllu(1, entities=False))
    settings = replace(small(), training=replace(small().training, epochs=1))
    list(train(TrainingJob([trees], [one], tmp_path / "p", settings)))
    assert "senter" in treelet.load(tmp_path / "p").pipe_names


def test_sentence_starts_without_trees_teach_a_splitter(tmp_path: Path) -> None:
    docs = list(read_docs(write(tmp_path / "t.conllu", conllu(40, entities=False))))
    file = tmp_path / "t.jsonl"
    file.write_text("".join(write_jsonl(doc.bare(sentences=True) for doc in docs)), encoding="utf-8")
    list(train(TrainingJob([file], [file], tmp_path / "p", small(pipeline=["senter"]))))
    nlp = treelet.load(tmp_path / "p")
    assert all(
        [sent.text for sent in nlp(doc.bare()).sents] == [sent.text for sent in doc.sents] for doc in docs
    )
    assert list(nlp(Doc(words=["One"])).sents)
