"""What the core's walks know, and the probabilities made of it, against slow walks in double precision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import treelet
from random_package import ENCODER, LABELS, random_settings, save_random_package
from random_weights import random_arrays, to_core
from treelet import Doc, Pipeline, _core
from treelet.annotators import assemble, network_shapes
from treelet.annotators.assemble import core_encoder_settings
from treelet.annotators.shapes import entity_system, parser_system
from treelet.languages import Tokenizer
from treelet.pipeline.parts import Parts
from treelet.training.calibration import OWN_ENTITIES, OWN_HEADS, OWN_LABEL

TEXT = "The dogs was running to Paris . They saw big Rome and The Hague , was n't it ? Yes"
WORDS = TEXT.split()
SETTINGS = random_settings(senter=None, encoder=ENCODER | {"precision": "fp32"})
ARRAYS = {
    name: array * (4 if name.startswith(("parser", "ner")) else 1)
    for name, array in random_arrays(network_shapes(SETTINGS, LABELS), seed=10).items()
}
CALIBRATION = {
    "parser.calibration": np.array([[0.1, 0.5, 0.2, -0.3], [-0.2, 0.6, 0.1, -0.1], [0.3, 0, 0.7, 0]]),
    "parser.label_calibration": np.array([0.4, 0.8]),
    "ner.calibration": np.array([-0.1, 0.4, 0.3, -0.2, 0.2]),
}
MOST = np.log(1e6)


def pipeline(arrays: dict[str, Any]) -> Pipeline:
    tokenizer = _core.Tokenizer(Tokenizer.from_language("en").to_json())
    core = assemble(tokenizer, SETTINGS, LABELS, to_core(arrays), SETTINGS.annotators())
    return Pipeline(Parts(SETTINGS, LABELS, SETTINGS.annotators(), tokenizer, dict), core=core)


def vectors(doc: Doc) -> np.ndarray:
    return _core.Encoder(core_encoder_settings(SETTINGS), to_core(ARRAYS)).encode(doc.columns)


def log_odds(of: float, others: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.clip(np.log(of) - np.log(others), -MOST, MOST))


def softmax(walk: Any, name: str, rows: np.ndarray, hidden: int) -> np.ndarray | None:
    """Probabilities of all actions; None where there is no choice."""
    valid = np.array(walk.valid(), bool)
    if valid.sum() < 2:
        return None
    scores = np.array(_core.score_state(to_core(ARRAYS), name, rows, walk.words(), hidden), dtype=float)
    weights = np.where(valid, np.exp(scores - scores[valid].max()), 0)
    return np.asarray(weights / weights.sum())


def head_evidence(doc: Doc) -> np.ndarray:
    assert SETTINGS.parser is not None
    system = parser_system(SETTINGS.parser, LABELS)
    walk, rows, n = _core.ParseWalk(system, len(doc)), vectors(doc), len(doc)
    first = {"Left": 3, "Right": 3 + len(LABELS["left"])}
    arc, weakest, label = np.full(n, MOST), np.full(n, MOST), np.full(n, MOST)
    while not walk.is_final():
        p = softmax(walk, "parser", rows, SETTINGS.parser.hidden)
        action = int(np.argmax(walk.valid() if p is None else p))
        s0, b0 = [*walk.stack()[-1:], -1][0], [*walk.buffer()[:1], -1][0]
        is_left, is_arc = first["Left"] <= action < first["Right"], action >= 3
        dependent = s0 if is_left else b0
        if p is not None:
            span = (
                slice(action, action + 1)
                if not is_arc
                else slice(first["Left"], first["Right"])
                if is_left
                else slice(first["Right"], None)
            )
            odds = log_odds(p[span].sum(), p.sum() - p[span].sum())
            for word in {s0, b0} - {-1}:
                weakest[word] = min(weakest[word], odds)
            if is_arc:
                arc[dependent], label[dependent] = odds, log_odds(p[action], p[span].sum() - p[action])
        elif is_arc:
            arc[dependent] = label[dependent] = MOST
        walk.apply(action)
    heads = np.array(walk.heads())
    root, places = heads < 0, np.arange(n)
    side = np.where(root, 2, np.where(heads > places, 0, 1))
    distance = np.where(root, 0, np.log(np.abs(heads - places) + 1))
    return np.column_stack([side, np.where(root, 0, arc), weakest, np.where(root, 0, label), distance])


def test_heads_know_what_a_slow_walk_knows() -> None:
    doc = Doc(WORDS)
    found, _ = pipeline(ARRAYS).annotate_with_evidence(doc)
    expected = head_evidence(doc)
    assert set(expected[:, 0]) == {0, 1, 2}
    assert len(set(expected[:, 2])) > 5
    near = np.abs(expected) < 9  # beyond, single precision tells little of the rest of a sum
    np.testing.assert_allclose(found[near], expected[near], atol=0.02)
    np.testing.assert_allclose(found, expected, atol=6)


def test_entities_know_what_a_slow_walk_knows() -> None:
    assert SETTINGS.ner is not None
    doc = Doc(WORDS * 3)
    _, found = pipeline(ARRAYS).annotate_with_evidence(doc)
    starts = doc.columns.sent_start_column()
    walk = _core.EntityWalk(entity_system(SETTINGS.ner, LABELS), len(doc), sent_starts=starts)
    rows, chosen = vectors(doc), []
    while not walk.is_final():
        p = softmax(walk, "ner", rows, SETTINGS.ner.hidden)
        action = int(np.argmax(walk.valid() if p is None else p))
        chosen.append(1.0 if p is None else p[action])
        walk.apply(action)
    assert len(found) == len(doc.ents) > 3
    assert any(len(ent) > 1 for ent in doc.ents)
    for ent, (first, last, known, log_length) in zip(doc.ents, found, strict=True):
        product = float(np.prod(chosen[ent.start : ent.end]))
        assert (first, last + 1) == (ent.start, ent.end)
        assert log_length == pytest.approx(np.log(len(ent)))
        assert known == pytest.approx(log_odds(product, 1 - product), abs=0.02)


def sigmoid(values: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(values)))


@pytest.mark.parametrize("calibrated", [False, True])
def test_probabilities_are_those_of_the_weights(calibrated: bool) -> None:
    doc = Doc(WORDS * 3)
    nlp = pipeline(ARRAYS | (CALIBRATION if calibrated else {}))
    heads, entities = nlp.annotate_with_evidence(doc)
    w, label, ner = CALIBRATION.values()
    if not calibrated:
        w, label, ner = OWN_HEADS, OWN_LABEL, OWN_ENTITIES
    for token, (side, *known) in zip(doc, heads, strict=True):
        arc, weakest, of_label, distance = known
        head = sigmoid(w[int(side)] @ [1, arc, weakest, distance])
        both = head * (1 if side == 2 else sigmoid(label @ [1, of_label]))
        assert token.head_probability == pytest.approx(head, abs=2e-6)
        assert token.dep_probability == pytest.approx(both, abs=2e-6)
    for ent, (_, _, known, length) in zip(doc.ents, entities, strict=True):
        terms = [1, known, min(known, 2), min(known, 0), length]
        assert ent.probability == pytest.approx(sigmoid(ner @ terms), abs=2e-6)


def test_saved_calibration_is_loaded(tmp_path: Path) -> None:
    from treelet.package.rewrite import replace_weights

    folder = save_random_package(tmp_path / "p")
    own = treelet.load(folder)("The dogs was running to Paris.")
    replace_weights(folder, CALIBRATION)
    found = treelet.load(folder, verify=True)("The dogs was running to Paris.")
    assert found == own
    assert found[0].head_probability != own[0].head_probability
    replace_weights(folder, {"ner.calibration": np.zeros(4)})
    with pytest.raises(treelet.PackageError, match=r"ner\.calibration"):
        treelet.load(folder)
