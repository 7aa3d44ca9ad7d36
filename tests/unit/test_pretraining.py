"""Hidden words: which they are, that nothing of them is seen, and that they are learned from the others."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from small_corpus import sentence
from small_pipeline import SMALL
from treelet import Doc, _core
from treelet.networks.encoder import Drop
from treelet.settings import Settings, settings_from_dict
from treelet.teaching.lessons import Lesson
from treelet.teaching.objectives import CLASSES, OTHER, SHORT, Characters, Objective, WordVectors
from treelet.teaching.pretraining import MASK, Masking, Pretrainer
from treelet.teaching.static_vectors import StaticVectors

ALL_MASKED = Masking(share=0.4, masked=1.0, swapped=0.0)


def settings(**changes: Any) -> Settings:
    return settings_from_dict({**SMALL, "tagger": {}, "ner": {}, **changes})


def docs(n: int, seed: int = 0) -> list[Doc]:
    chance = random.Random(seed)
    return [Doc([row[0] for row in sentence(chance)]) for _ in range(n)]


def some_vectors(words: list[str], length: int = 6) -> StaticVectors:
    table = np.random.default_rng(0).integers(-127, 128, (len(words), length)).astype(np.int8)
    return StaticVectors(
        np.asarray(_core.norm_hashes(words), np.uint64), table, np.full(length, 0.01, np.float32)
    )


def test_masking_follows_its_shares() -> None:
    types = np.arange(1, 20_001)
    seen, places = Masking().apply(types, 0, np.random.default_rng(0))
    assert len(places) / len(types) == pytest.approx(0.15, abs=0.01)
    assert (seen[places] == 0).mean() == pytest.approx(0.8, abs=0.02)
    assert (seen[places] == types[places]).mean() == pytest.approx(0.1, abs=0.02)
    others = np.setdiff1d(np.arange(len(types)), places)
    assert_array_equal(seen[others], types[others])
    assert set(seen) <= {0, *types}
    again = Masking().apply(types, 0, np.random.default_rng(0))
    assert_array_equal(again[0], seen)
    assert len(Masking(share=1e-9).apply(types[:3], 0, np.random.default_rng(0))[1]) == 1


def predictions(learner: Pretrainer, lesson: Lesson, masking: Masking) -> torch.Tensor:
    masked = masking.apply(lesson.types, learner.teacher.mask, np.random.default_rng(3))
    learner.network.eval()
    with torch.no_grad():
        return learner.teacher.predict(learner.network, [lesson], masked, Drop())


def test_nothing_of_a_hidden_word_is_seen() -> None:
    words = ["The", "dog", "saw", "Tim", "in", "Rome", "near", "Lisbon", "."]
    learner = Pretrainer(settings(), Characters(), Masking())
    (before,) = learner.lessons([Doc(words)])
    _, places = ALL_MASKED.apply(before.types, 0, np.random.default_rng(3))
    assert 1 <= len(places) < len(words)
    changed = [word if place not in places else f"UNHEARD{place}" for place, word in enumerate(words)]
    (after,) = learner.lessons([Doc(changed)])
    assert_array_equal(
        predictions(learner, before, ALL_MASKED).numpy(), predictions(learner, after, ALL_MASKED).numpy()
    )
    kept = Masking(share=0.4, masked=0.0, swapped=0.0)  # the same places, but the words are seen
    assert not torch.allclose(predictions(learner, before, kept), predictions(learner, after, kept))


def test_characters_are_told_from_both_ends() -> None:
    objective = Characters(ends=3)
    objective.read(["ab", "cabca", "a"])
    score = torch.full((3, 6, CLASSES), -10.0)
    a, b, c = 1, 2, 3  # by falling frequency in distinct words, then by the alphabet: a 4, b 2, c 2
    targets = [
        [a, b, SHORT, b, a, SHORT],
        [c, a, b, a, c, b],
        [a, SHORT, SHORT, a, SHORT, SHORT],
    ]
    for word, classes in enumerate(targets):
        score[word, range(6), classes] = 10.0
    loss, right = objective.compare(score.view(3, -1), np.arange(3))
    assert loss.item() < 1e-4
    assert right.item() == 1.0
    assert objective.compare(score.view(3, -1).flip(0), np.arange(3))[1].item() < 1.0


def test_rare_characters_are_one_class() -> None:
    objective = Characters(ends=1)
    objective.read([chr(0x4E00 + number) for number in range(CLASSES)])
    score = torch.zeros(1, 2, CLASSES)
    score[0, :, OTHER] = 1.0
    assert objective.compare(score.view(1, -1), np.array([CLASSES - 1]))[1].item() == 1.0
    assert objective.compare(score.view(1, -1), np.array([0]))[1].item() == 0.0


def test_words_without_a_vector_do_not_count() -> None:
    vectors = some_vectors(["dog", "saw"])
    objective = WordVectors(vectors)
    objective.read([MASK, "Dog", "unheard"])
    dog = torch.from_numpy(vectors.of(["dog"]))
    loss, cosine = objective.compare(torch.cat([5 * dog, -dog]), np.array([1, 2]))
    assert_allclose([loss.item(), cosine.item()], [0.0, 1.0], atol=1e-5)
    none = (-dog).requires_grad_()
    objective.compare(none, np.array([2]))[0].backward()
    assert none.grad is not None
    assert not none.grad.any()


def taught(objective: Objective, passes: int, seed: int = 0) -> tuple[Pretrainer, list[float], list[Lesson]]:
    learner = Pretrainer(settings(), objective, Masking(share=0.25))
    lessons = learner.read(docs(80))
    losses = [
        learner.step(lessons[start : start + 20], seed + number)[objective.name]
        for number in range(passes)
        for start in range(0, 60, 20)
    ]
    return learner, losses, lessons[60:]


def most_frequent(objective: Characters, held_out: list[Lesson]) -> float:
    """The measure of saying of any word what is most frequent at each end: no context needed."""
    types = np.concatenate([lesson.types for lesson in held_out])
    targets = objective.targets[types]
    return float((targets == targets.mode(0).values).float().mean())


def test_characters_are_learned_from_context() -> None:
    objective = Characters()
    learner, losses, held_out = taught(objective, 25)
    assert np.mean(losses[-6:]) < 0.5 * np.mean(losses[:3])
    loss, right = learner.evaluate([held_out])
    assert right > most_frequent(objective, held_out) + 0.1
    assert learner.evaluate([held_out]) == (loss, right)


def test_vectors_are_learned_from_context() -> None:
    words = sorted({word.lower() for doc in docs(80) for word in doc.columns.word_column()})
    learner, losses, held_out = taught(WordVectors(some_vectors(words)), 25)
    assert np.mean(losses[-6:]) < 0.6 * np.mean(losses[:3])
    assert learner.evaluate([held_out])[1] > 0.5
    assert not learner.settings.encoder.vector_length


def test_the_seed_decides_everything() -> None:
    first, second = (taught(Characters(), 1)[0].encoder_arrays() for _ in range(2))
    other = taught(Characters(), 1, seed=50)[0].encoder_arrays()
    for name, array in first.items():
        assert_array_equal(array, second[name])
    assert any(not np.array_equal(array, other[name]) for name, array in first.items())


def test_only_the_encoder_is_kept() -> None:
    learner = Pretrainer(settings(), Characters(), Masking())
    assert {name.split(".")[0] for name in learner.encoder_arrays()} == {
        "embed",
        "mix",
        "encoder",
        "recurrent",
    }
