"""Sentence starts of the core against the same layer in PyTorch; thresholds, presets, empty lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import treelet
from random_package import LABELS, random_settings, save_random_package
from random_weights import random_arrays, to_core
from treelet import Doc, Pipeline, _core
from treelet.annotators.assemble import core_encoder_settings
from treelet.annotators.shapes import network_shapes
from treelet.errors import PackageError, SettingsError
from treelet.networks.sentence_starts import SentenceStarts
from treelet.teaching.losses import start_loss

TEXT = 'He won. "Yes!" she said - loudly (twice). 2. A LIST\nof things... etc. The end? i guess so'
ALONE: dict[str, Any] = dict.fromkeys(["tagger", "morphologizer", "lemmatizer", "parser", "ner"])


def load(path: Path, **sections: Any) -> Pipeline:
    return treelet.load(save_random_package(path, stored="fp32", **({"senter": {}} | sections)))


def log_odds(path: Path, doc: Doc, **sections: Any) -> np.ndarray:
    """By PyTorch, with the vectors of the core's encoder and the weights of load()."""
    settings = random_settings(**({"senter": {}} | sections))
    weights = random_arrays(network_shapes(settings, LABELS), 0)
    core = _core.Encoder(core_encoder_settings(settings), to_core(weights))
    sizes = settings.senter
    layer = SentenceStarts(settings.encoder.width, sizes.hidden, sizes.pieces, len(_core.gap_row_names()))
    names = ("weight", "bias", "gaps", "upper")
    layer.load_state_dict({name: torch.from_numpy(weights[f"senter.{name}"]) for name in names})
    rows = torch.from_numpy(_core.gap_rows(doc.columns).astype(np.int64))
    found: np.ndarray = layer(torch.from_numpy(np.array(core.encode(doc.columns))), rows).detach().numpy()
    return found


def starts(doc: Doc) -> list[int]:
    return list(doc.columns.sent_start_column())


def test_alone_it_splits_at_even_odds_as_pytorch_does(tmp_path: Path) -> None:
    nlp = load(tmp_path / "p", **ALONE)
    assert nlp.pipe_names == ["senter"]
    doc = nlp(TEXT)
    odds = log_odds(tmp_path, doc, **ALONE)
    assert np.abs(odds[1:]).min() > 1e-4  # so that rounding decides nothing
    assert starts(doc)[1:] == [1 if value > 0 else -1 for value in odds[1:]]
    assert 1 < len(list(doc.sents)) < len(doc) - 1


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_thresholds_bind_the_parser(share: float, tmp_path: Path) -> None:
    sections: dict[str, Any] = {"senter": {"start_above": share, "join_below": 1 - share}}
    nlp = load(tmp_path / "p", **sections)
    doc = nlp(TEXT)
    odds = log_odds(tmp_path, doc, **sections)[1:]
    bound = np.log(share / (1 - share))
    found = np.array(starts(doc)[1:])
    assert (found[odds > bound] == 1).all()
    assert (found[odds < -bound] == -1).all()
    assert {abs(token.head.i - token.i) > 0 for token in doc} == {True, False}
    assert all(token.head in token.sent for token in doc)


def test_with_no_threshold_it_changes_nothing(tmp_path: Path) -> None:
    silent = load(tmp_path / "silent", senter={"start_above": 1.0, "join_below": 0.0})
    doc, without = silent(TEXT), silent(TEXT, disable=["senter"])
    assert doc.to_json() == without.to_json()


@pytest.mark.parametrize("given", [(0, 0), (1, 0), (1, -1), (-1, 1)])
def test_presets_win(given: tuple[int, int], tmp_path: Path) -> None:
    for i, sections in enumerate([ALONE, {}, {"senter": {"start_above": 0.8, "join_below": 0.1}}]):
        nlp = load(tmp_path / str(i), **sections)
        for place in range(1, 8):
            doc = nlp.make_doc(TEXT)
            known = [0] * len(doc)
            known[place : place + 2] = given
            doc.columns.set_sent_start_column(known)
            found = starts(nlp(doc))
            assert all(is_there == wanted for is_there, wanted in zip(found, known, strict=True) if wanted)
            assert 0 not in found


@pytest.mark.parametrize("space", ["\n\n", " \n \n", "\r\n\r\n", "\n\n\n"])
def test_an_empty_line_starts_a_sentence(space: str, tmp_path: Path) -> None:
    for i, sections in enumerate([ALONE, {}, {"senter": {"start_above": 1.0}}]):
        nlp = load(tmp_path / str(i), **sections)
        assert all(starts(nlp(f"of the{space}{word} so"))[2] == 1 for word in ("and", "Of", ".", "the", "3"))


def test_no_sentence_starts_inside_a_token(tmp_path: Path) -> None:
    nlp = load(tmp_path / "p", **ALONE)
    doc = nlp("I can't and don't " * 20)
    parts = doc.columns.part_column()
    assert 2 in parts
    assert all(start == -1 for start, part in zip(starts(doc), parts, strict=True) if part == 2)


def test_empty_and_single_words(tmp_path: Path) -> None:
    nlp = load(tmp_path / "p", **ALONE)
    assert starts(nlp("")) == []
    assert starts(nlp("One")) == [1]
    assert starts(nlp("\ud800 \0")) != []


def test_settings_out_of_range(tmp_path: Path) -> None:
    for name, value in (("pieces", 9), ("start_above", 1.5), ("join_below", float("nan")), ("hidden", 0)):
        with pytest.raises(SettingsError):
            random_settings(senter={name: value})


def test_batches_threads_and_what_came_before_change_nothing(tmp_path: Path) -> None:
    nlp = load(tmp_path / "p")
    texts = [TEXT, "", "One", TEXT.upper(), "Don't! " * 70, "a\n\nb", TEXT[::-1]] * 4
    alone = [load(tmp_path / "p")(text).to_json() for text in texts[:7]] * 4
    for threads in (1, 3):
        assert [doc.to_json() for doc in nlp.pipe(texts, threads=threads, batch_size=5)] == alone


def test_weights_of_another_shape(tmp_path: Path) -> None:
    settings = random_settings(senter={})
    weights = random_arrays(network_shapes(settings, LABELS))
    weights["senter.gaps"] = weights["senter.gaps"][:-1]
    parts = _core.PipelineParts(
        _core.Tokenizer((save_random_package(tmp_path / "p") / "tokenizer.json").read_text()),
        core_encoder_settings(settings),
        to_core(weights),
    )
    with pytest.raises(PackageError, match=r"senter\.gaps"):
        parts.add_senter(16, 2, 0.5, 0.5, to_core(weights))


def test_the_loss_counts_known_gaps_alone() -> None:
    odds = torch.tensor([5.0, 0.0, 2.0, -1.0], requires_grad=True)
    loss = start_loss(odds, torch.tensor([0, 1, -1, 0], dtype=torch.int8))
    expected = np.log(2.0) + np.log1p(np.exp(2.0))
    assert loss.item() == pytest.approx(expected, rel=1e-6)
    loss.backward()
    assert odds.grad is not None
    assert odds.grad.tolist() == pytest.approx([0.0, -0.5, 1 / (1 + np.exp(-2.0)), 0.0], rel=1e-6)


def test_rows_never_seen_have_no_effect() -> None:
    layer = SentenceStarts(4, 3, 2, 10)
    torch.nn.init.ones_(layer.upper)
    vectors, rows = torch.randn(3, 4), torch.tensor([[-1, -1], [1, 2], [2, -1]])
    start_loss(layer(vectors, rows), torch.tensor([0, 1, -1], dtype=torch.int8)).backward()
    assert layer.gaps.grad is not None
    assert (layer.gaps.grad != 0).any(dim=1).nonzero().flatten().tolist() == [1, 2]
