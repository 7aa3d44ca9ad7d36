"""Probabilities: there where annotators decided, gone where people did, kept by copies."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import treelet
from random_package import save_random_package
from small_corpus import conllu, write
from treelet import Doc, Pipeline, Span, Token
from treelet.cli import run
from treelet.errors import TextError
from treelet.formats import read_docs, read_jsonl, write_jsonl
from treelet.training.calibration import calibrate

TEXT = "The dogs was running to Paris . They saw big Rome and The Hague , was n't it ? Yes ."


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("package") / "p")


@pytest.fixture(scope="module")
def nlp(package: Path) -> Pipeline:
    return treelet.load(package)


def probabilities(doc: Doc) -> list[tuple[float | None, float | None]]:
    return [(token.head_probability, token.dep_probability) for token in doc]


def test_every_decided_head_and_entity_has_one(nlp: Pipeline) -> None:
    doc = nlp(TEXT * 4)
    for head, both in probabilities(doc):
        assert head is not None
        assert both is not None
        assert 0 < both <= head <= 1
    assert doc.ents
    for ent in doc.ents:
        assert ent.probability is not None
        assert 0 < ent.probability <= 1
    long = next(ent for ent in doc.ents if len(ent) > 1)
    for start, end, label in (
        (long.start, long.end, "OTHER"),
        (long.start, long.end, ""),
        (long.start, long.end - 1, long.label_),
        (long.start + 1, long.end, long.label_),
        (long.start, long.start, long.label_),
    ):
        assert Span(doc, start, end, label).probability is None


def test_what_was_not_decided_has_none(nlp: Pipeline) -> None:
    gold = Doc(["Ana", "ran"], heads=[1, 1], deps=["nsubj", "root"], ents=["B-PER", "O"])
    assert probabilities(gold) == [(None, None)] * 2
    assert gold.ents[0].probability is None
    without = nlp(TEXT, disable=["parser", "ner"])
    assert probabilities(without) == [(None, None)] * len(without)


def test_preset_entities_have_none_and_stay(nlp: Pipeline) -> None:
    for label in ("PER", "OWN"):
        words = TEXT.split() * 4
        doc = Doc(words, ents=[f"B-{label}", f"I-{label}", "O"] + [None] * (len(words) - 3))
        nlp(doc)
        preset, *found = doc.ents
        assert (preset.start, preset.end, preset.label_, preset.probability) == (0, 2, label, None)
        assert found
        assert all(ent.probability is not None for ent in found)


def test_batches_and_threads_change_nothing(nlp: Pipeline) -> None:
    texts = [TEXT * (i % 4) for i in range(40)] + ["", " ", "a"]
    one = [nlp(text) for text in texts]
    for docs in (nlp.pipe(texts, batch_size=7), nlp.pipe(texts, threads=3)):
        for expected, found in zip(one, docs, strict=True):
            assert found.to_json(probabilities=True) == expected.to_json(probabilities=True)


def test_long_documents_are_walked_in_pieces(nlp: Pipeline) -> None:
    doc = nlp(Doc(["w", "."] * 3000))
    assert all(token.head_probability is not None for token in doc)


def test_what_people_set_is_forgotten(nlp: Pipeline) -> None:
    doc = nlp(TEXT)
    doc[1].head = doc[0]
    doc[2].dep_ = "other"
    assert probabilities(doc)[1] == (None, None)
    assert doc[2].head_probability is not None
    assert doc[2].dep_probability is None
    assert doc[3].dep_probability is not None
    doc = nlp(TEXT * 4)
    doc.set_ents(doc.ents)
    assert all(ent.probability is None for ent in doc.ents)
    doc.columns.set_head_column(None)
    assert not doc.columns.has_head_probability()


def test_copies_slices_and_pickles_keep_them(nlp: Pipeline) -> None:
    doc = nlp(TEXT * 4)
    for same in (doc.copy(), pickle.loads(pickle.dumps(doc)), doc.slice(0, len(doc))):
        assert probabilities(same) == probabilities(doc)
        assert [ent.probability for ent in same.ents] == [ent.probability for ent in doc.ents]
    assert not doc.bare().columns.has_head_probability()
    for start in range(0, len(doc) - 7, 5):
        part = doc.slice(start, start + 7)
        for ours, theirs in zip(part, doc[start : start + 7], strict=True):
            inside = start <= theirs.head.i < start + 7
            assert ours.head_probability == (theirs.head_probability if inside else None)
        whole = {(ent.start, ent.end): ent.probability for ent in doc.ents}
        for ent in part.ents:
            assert ent.probability == whole.get((start + ent.start, start + ent.end))


def test_words_added_later_have_none(nlp: Pipeline) -> None:
    doc = nlp(TEXT)
    doc.columns.add_token("more", [], "")
    assert Token(doc, len(doc) - 1).head_probability is None
    assert Token(doc, 0).head_probability is not None


def test_json_carries_them_on_request(nlp: Pipeline) -> None:
    doc = nlp(TEXT * 4)
    assert "probability" not in json.dumps(doc.to_json())
    data = doc.to_json(probabilities=True)
    line = next(write_jsonl([doc], probabilities=True))
    assert line == json.dumps(data, ensure_ascii=False) + "\n"
    assert next(read_jsonl([line])).to_json(probabilities=True) == data
    assert Doc.from_json(data) == doc
    for bad in (2, -0.1, "1", True):
        data["tokens"][0]["head_probability"] = bad
        with pytest.raises(TextError, match=r"tokens\[0\]\.head_probability"):
            Doc.from_json(data)


def test_the_command_line_writes_them(package: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = ["annotate", "--model", str(package), "--probabilities", "Ana ran to Rome ."]
    assert run([*command, "--to", "jsonl"]) == 0
    tokens = json.loads(capfd.readouterr().out)["tokens"]
    assert all(0 < token["head_probability"] <= 1 for token in tokens)
    assert run(command) == 2


def test_a_package_is_calibrated_to_documents(tmp_path: Path) -> None:
    package = save_random_package(tmp_path / "p")
    before = treelet.load(package)
    gold = list(read_docs(write(tmp_path / "d.conllu", conllu(60, seed=3))))
    calibrate(package, gold)
    after = treelet.load(package, verify=True)
    found = [(before(doc.bare()), after(doc.bare())) for doc in gold]
    assert all(old == new for old, new in found)
    tokens = [token for _, new in found for token in new]
    heads = [head for doc in gold for head in doc.columns.head_column()]
    said = sum(token.head_probability or 0 for token in tokens) / len(tokens)
    is_right = [token.head.i == head for token, head in zip(tokens, heads, strict=True)]
    assert said == pytest.approx(sum(is_right) / len(is_right), abs=0.05)
    with pytest.raises(treelet.PackageError):
        calibrate(tmp_path, gold)


def test_documents_without_annotation_leave_the_walks_own(tmp_path: Path) -> None:
    package = save_random_package(tmp_path / "p")
    own = treelet.load(package)(TEXT)
    calibrate(package, [Doc(["a", "b"]), Doc()])
    assert treelet.load(package)(TEXT).to_json(probabilities=True) == own.to_json(probabilities=True)
