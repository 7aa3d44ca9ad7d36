"""A package and development documents in; the package with probabilities that can be believed out.

Logistic regression on log-odds with a few weights (Platt 1999), a light pull towards the walk's own
probabilities where there is little to fit to. core/annotators/confidence.h applies the weights.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from treelet.doc import Doc
from treelet.package.rewrite import replace_weights
from treelet.pipeline import load
from treelet.training.evidence import ROOT, Array, EntityEvidence, Flags, HeadEvidence, collect_evidence

CALIBRATED = ("parser", "ner")
"""Annotators that have probabilities."""
PULL = 1.0  # of the uncalibrated weights, as strong as a few documents
_STEPS = 100

# Weights that leave the walk's own probabilities as they are: offset first.
OWN_HEADS: Array = np.array([[0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], dtype=np.float64)
OWN_LABEL: Array = np.array([0, 1], dtype=np.float64)
OWN_ENTITIES: Array = np.array([0, 1, 0, 0, 0], dtype=np.float64)


def calibrate(
    package: Path, docs: Sequence[Doc], only: Collection[str] = CALIBRATED
) -> None:
    """Fit the probabilities of the package at this path to gold documents that did not teach it, and save it.

    What the documents lack keeps the walk's own probabilities. only: annotators that are fitted; the others
    stay as they are. Raises PackageError for a damaged package.
    """
    nlp = load(package)
    heads, entities = collect_evidence(nlp, docs)
    weights: dict[str, Array] = {}
    if "parser" in nlp.pipe_names and "parser" in only:
        weights["parser.calibration"] = fit_heads(heads)
        weights["parser.label_calibration"] = fit_labels(heads)
    if "ner" in nlp.pipe_names and "ner" in only:
        weights["ner.calibration"] = fit_entities(entities)
    replace_weights(package, weights)


def fit_heads(evidence: HeadEvidence) -> Array:
    """Weights (3 sides, 4): offset, arc, weakest, log distance. A root has no arc and no distance."""
    rows = []
    for side, own in enumerate(OWN_HEADS):
        chosen = evidence.side == side
        rows.append(fit_logistic(evidence.known[chosen], evidence.head_right[chosen], own))
    return np.array(rows)


def fit_labels(evidence: HeadEvidence) -> Array:
    """Weights (2): offset, label. Of the relation, given that the head is right."""
    chosen = evidence.head_right & (evidence.side != ROOT)
    return fit_logistic(evidence.label[chosen, None], evidence.both_right[chosen], OWN_LABEL)


def fit_entities(evidence: EntityEvidence) -> Array:
    """Weights (5): offset, all, all below 2, all below 0, log length."""
    return fit_logistic(_entity_terms(evidence), evidence.right, OWN_ENTITIES)


def _entity_terms(evidence: EntityEvidence) -> Array:
    """(entities, 4): a line with two bends, because what is improbable and what is sure err differently."""
    odds, log_length = evidence.known.T
    return np.column_stack([odds, np.minimum(odds, 2), np.minimum(odds, 0), log_length])


def head_probabilities(evidence: HeadEvidence, weights: Array) -> Array:
    """Probability that each head is right, (words,)."""
    of_side = weights[evidence.side]
    inputs: Array = of_side[:, 1:] * evidence.known
    values: Array = of_side[:, 0] + inputs.sum(1)
    return _sigmoid(values)


def label_probabilities(evidence: HeadEvidence, weights: Array) -> Array:
    """Probability that each relation is right where its head is, (words,); 1 for a root."""
    return np.where(evidence.side == ROOT, 1.0, _sigmoid(weights[0] + weights[1] * evidence.label))


def entity_probabilities(evidence: EntityEvidence, weights: Array) -> Array:
    """Probability that each entity is right, (entities,)."""
    return _sigmoid(weights[0] + _entity_terms(evidence) @ weights[1:])


def fit_logistic(known: Array, right: Flags, own: Array) -> Array:
    """Weights (1 + columns of `known`) of least log loss + PULL/2 · |weights − own|², by Newton's method."""
    inputs = np.column_stack([np.ones(len(known)), known])
    targets = right.astype(np.float64)
    weights: Array = own.copy()
    loss = _loss(inputs, targets, weights, own)
    for _ in range(_STEPS):
        probabilities = _sigmoid(inputs @ weights)
        gradient = inputs.T @ (probabilities - targets) + PULL * (weights - own)
        spread = probabilities * (1 - probabilities)
        step = np.linalg.solve((inputs * spread[:, None]).T @ inputs + PULL * np.eye(len(own)), gradient)
        while (new := _loss(inputs, targets, weights - step, own)) > loss and np.abs(step).max() > 1e-9:
            step /= 2
        weights, loss = weights - step, new
        if np.abs(step).max() < 1e-7:
            break
    return weights


def _loss(inputs: Array, targets: Array, weights: Array, own: Array) -> float:
    values = inputs @ weights
    log_loss = np.logaddexp(0, values) - targets * values
    return float(log_loss.sum() + PULL / 2 * ((weights - own) ** 2).sum())


def _sigmoid(values: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(values / 2)))
