"""Gold files filled in by teachers: what gold says stays, what it leaves open is the teachers'."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from small_corpus import conllu, iob2, write
from small_pipeline import apart, taught
from treelet import Doc, load
from treelet.formats import read_docs
from treelet.silver import Labelling, label
from treelet.silver.filled import FilledGold

MAP = {"person": "PER", "place": ""}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A teacher of trees, one of entities, gold files that have the one or the other, and a cache."""
    torch.set_num_threads(1)
    made = tmp_path_factory.mktemp("filled")
    write(made / "trees.conllu", apart(conllu(60, entities=False)))
    write(made / "names.iob2", iob2(30, seed=4))
    write(made / "all.conllu", apart(conllu(60)))
    write(made / "raw.txt", "The dog saw Tim in Rome.\n")
    docs = list(read_docs(made / "all.conllu", label_map=MAP))
    taught(docs, "tagger", "morphologizer", "lemmatizer", "parser", passes=6).to_disk(
        made / "parses", genre="a"
    )
    taught(docs, "ner", passes=6).to_disk(made / "names", genre="b")
    rules = load(made / "parses").tokenizer.rules_json
    list(label(Labelling([made / "parses"], [made / "raw.txt"], made / "cache", rules)))
    return made


def words_of(docs: list[Doc]) -> list[str]:
    return [token.text for doc in docs for token in doc]


def test_each_file_gets_what_it_lacks(folder: Path) -> None:
    gold = [folder / "trees.conllu", folder / "names.iob2"]
    filled = FilledGold(folder / "cache", "en", MAP)
    assert filled.of(gold) == gold
    made = list(filled.make(gold, [folder / "parses", folder / "names"]))
    assert filled.of(gold) == made
    assert list(filled.make(gold, [folder / "parses", folder / "names"])) == []
    for path, other in zip(gold, made, strict=True):
        before, after = list(read_docs(path, label_map=MAP)), list(read_docs(other))
        assert words_of(before) == words_of(after)
        for name in ("xpos", "upos", "lemma", "head", "deprel", "iob"):
            assert all(getattr(doc.columns, f"has_{name}")() for doc in after), name
    trees, names = (list(read_docs(path)) for path in made)
    told = [(token.head.i, token.dep_, token.lemma_) for doc in trees for token in doc]
    assert told == [(t.head.i, t.dep_, t.lemma_) for doc in read_docs(gold[0]) for t in doc]
    found = [ent.text for doc in names for ent in doc.ents]
    assert found == [ent.text for doc in read_docs(gold[1], label_map=MAP) for ent in doc.ents]
    assert {ent.label_ for doc in trees for ent in doc.ents} == {"PER"}


def test_other_gold_or_another_map_is_filled_in_anew(folder: Path) -> None:
    path = folder / "trees.conllu"
    one = FilledGold(folder / "cache", "en", MAP).path(path)
    assert FilledGold(folder / "cache", "en", {}).path(path) != one
    assert FilledGold(folder / "cache", "pt", MAP).path(path) != one
    assert FilledGold(folder / "cache", "en", MAP).path(folder / "all.conllu") != one
