"""Rollouts: states, allowed and right actions as arrays, whatever the threads; every shape checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from treelet import _core
from treelet.errors import TrainingError

HIDDEN, PIECES = 4, 2


def layers(system: Any, rng: np.random.Generator, scale: float = 1.0) -> tuple[np.ndarray, ...]:
    wide = HIDDEN * PIECES
    shapes = [(len(system.features), wide), (wide,), (system.n_actions, HIDDEN), (system.n_actions,)]
    return tuple((scale * rng.standard_normal(shape)).astype(np.float32) for shape in shapes)


def parser_batch(seed: int = 0) -> dict[str, Any]:
    """Three documents of chains to the right, in sentences of four words."""
    rng = np.random.default_rng(seed)
    system = _core.ArcEager(["a", "b"], ["a", "b"], ["13"])
    lengths = np.array([8, 0, 12, 4], np.int32)
    n = int(lengths.sum())
    heads = np.concatenate([np.maximum(np.arange(k) - 1, np.arange(k) // 4 * 4) for k in lengths]).astype(
        np.int32
    )
    starts = np.where(np.arange(n) % 4 == 0, 1, -1).astype(np.int8)
    return {
        "system": system,
        "layers": layers(system, rng),
        "hidden": HIDDEN,
        "pieces": PIECES,
        "lengths": lengths,
        "rows": rng.standard_normal((n, len(system.features) * HIDDEN * PIECES)).astype(np.float32),
        "heads": heads,
        "deprels": (np.arange(n) % 2).astype(np.int32),
        "sent_starts": starts,
        "exploration": 0.5,
        "seed": 3,
    }


def entity_batch(seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    system = _core.EntityMoves(["PER", "LOC"], ["6"])
    iob = np.array([3, 1, 2, 2, 3, 0, 0, 2, 3, 3, 1, 2], np.uint8)
    return {
        "system": system,
        "layers": layers(system, rng),
        "hidden": HIDDEN,
        "pieces": PIECES,
        "lengths": np.array([5, 7], np.int32),
        "rows": rng.standard_normal((12, len(system.features) * HIDDEN * PIECES)).astype(np.float32),
        "iob": iob,
        "labels": np.where(iob % 2 == 1, 0, -1).astype(np.int32),
        "exploration": 0.5,
        "seed": 3,
    }


CASES = [(_core.roll_parser, parser_batch), (_core.roll_entities, entity_batch)]


@pytest.mark.parametrize(("roll", "make"), CASES)
@pytest.mark.parametrize("exploration", [0.0, 0.5, 1.0])
def test_every_state_has_a_right_action(roll: Any, make: Any, exploration: float) -> None:
    batch = make() | {"exploration": exploration}
    positions, valid, gold = roll(**batch)
    n_features, n_actions = len(batch["system"].features), batch["system"].n_actions
    assert positions.shape == (len(positions), n_features)
    assert valid.shape == gold.shape == (len(positions), n_actions)
    assert (positions.dtype, valid.dtype, gold.dtype) == (np.int32, np.uint8, np.uint8)
    assert positions.min() == -1
    assert positions.max() < len(batch["rows"])
    assert (valid.sum(1) > 1).all()
    assert (gold.sum(1) > 0).all()
    assert (gold <= valid).all()


@pytest.mark.parametrize(("roll", "make"), CASES)
def test_threads_and_repetition_change_nothing(roll: Any, make: Any) -> None:
    one, again, three = (roll(**make(), n_threads=n) for n in (1, 1, 3))
    for a, b, c in zip(one, again, three, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)


@pytest.mark.parametrize(("roll", "make"), CASES)
def test_a_document_does_not_see_its_neighbours(roll: Any, make: Any) -> None:
    batch = make() | {"exploration": 1.0}
    together = roll(**batch)
    first = int(batch["lengths"][0])
    columns = ("rows", "heads", "deprels", "sent_starts", "iob", "labels")
    alone = batch | {name: batch[name][:first] for name in columns if name in batch}
    positions, valid, gold = roll(**alone | {"lengths": batch["lengths"][:1]})
    assert np.array_equal(positions, together[0][: len(positions)])
    assert np.array_equal(valid, together[1][: len(valid)])
    assert np.array_equal(gold, together[2][: len(gold)])
    assert together[0][len(positions) :].max() >= first


def test_without_exploration_the_gold_tree_is_built() -> None:
    batch = parser_batch() | {"exploration": 0.0}
    system = batch["system"]
    _, _, gold = _core.roll_parser(**batch)
    # A correct walk has, in every state, an action that is right by name: arcs of this gold point right.
    made = {system.actions[action] for action in np.flatnonzero(gold.sum(0))}
    assert {"Right-a", "Right-b", "Break"} <= made
    assert not {"Left-a", "Left-b"} & made


def test_missing_annotation_makes_everything_right() -> None:
    batch = parser_batch()
    n = len(batch["rows"])
    batch |= {"heads": np.full(n, -1, np.int32), "sent_starts": np.zeros(n, np.int8)}
    _, valid, gold = _core.roll_parser(**batch)
    assert np.array_equal(valid, gold)
    entities = entity_batch() | {"iob": np.zeros(12, np.uint8), "labels": np.full(12, -1, np.int32)}
    _, valid, gold = _core.roll_entities(**entities)
    assert np.array_equal(valid, gold)


def bad(name: str, value: Any) -> Any:
    return pytest.param(name, value, id=f"{name}-{value}")


@pytest.mark.parametrize(("roll", "make"), CASES)
@pytest.mark.parametrize(
    ("name", "change"),
    [
        bad("lengths", lambda a: a[:-1]),
        bad("lengths", lambda a: -a),
        bad("rows", lambda a: a[:-1]),
        bad("rows", lambda a: np.ascontiguousarray(a[:, :-1])),
        bad("rows", lambda a: a * np.nan),
        bad("hidden", lambda _: 0),
        bad("hidden", lambda _: 5),
        bad("pieces", lambda _: 3),
        bad("layers", lambda t: (t[0], t[1], t[2][:-1], t[3])),
        bad("layers", lambda t: (t[0], t[1], t[2], t[3][:-1])),
        bad("layers", lambda t: (t[0][:-1], *t[1:])),
        bad("exploration", lambda _: 1.5),
        bad("exploration", lambda _: float("nan")),
    ],
)
def test_bad_input_is_an_error(roll: Any, make: Any, name: str, change: Any) -> None:
    batch = make()
    with pytest.raises(TrainingError):
        roll(**batch | {name: change(batch[name])})


@pytest.mark.parametrize(
    ("roll", "make", "name", "value"),
    [
        (_core.roll_parser, parser_batch, "heads", 8),
        (_core.roll_parser, parser_batch, "heads", -2),
        (_core.roll_parser, parser_batch, "deprels", 2),
        (_core.roll_parser, parser_batch, "sent_starts", 2),
        (_core.roll_entities, entity_batch, "iob", 4),
        (_core.roll_entities, entity_batch, "labels", 2),
    ],
)
def test_bad_gold_is_an_error_that_names_the_place(roll: Any, make: Any, name: str, value: int) -> None:
    batch = make()
    batch[name][2] = value
    with pytest.raises(TrainingError, match=f"{name}.*{value}"):
        roll(**batch)


def test_gold_that_is_no_tree_does_not_crash() -> None:
    rng = np.random.default_rng(0)
    for seed in range(20):
        batch = parser_batch(seed)
        for document, begin in ((8, 0), (12, 8), (4, 20)):
            batch["heads"][begin : begin + document] = rng.integers(-1, document, document)
        batch["sent_starts"] = rng.integers(-1, 2, 24).astype(np.int8)
        _, valid, gold = _core.roll_parser(**batch)
        assert (gold.sum(1) > 0).all()
        assert (gold <= valid).all()


def free_batch(**more: Any) -> dict[str, Any]:
    """The same documents of 5 and 7 words, without annotation."""
    nothing = {"iob": np.zeros(12, np.uint8), "labels": np.full(12, -1, np.int32), "exploration": 1.0}
    return entity_batch() | nothing | more


def test_half_annotated_documents_teach_what_is_known() -> None:
    iob = np.zeros(12, np.uint8)
    iob[9:] = 2  # the last three words are outside; nothing is known of the others
    positions, valid, gold = _core.roll_entities(**free_batch(iob=iob))
    b0, nothing_open = positions[:, 0], positions[:, 3] < 0
    unknown = nothing_open & ((b0 < 8) | (positions[:, 1] < 0) & (b0 < 9))
    assert unknown.any()
    assert (gold[unknown] == valid[unknown]).all()
    known = nothing_open & (b0 >= 9)
    assert known.any()
    assert (gold[known].sum(axis=1) == 1).all()
    assert gold[known, 0].all()


def test_wrong_entities_are_taught_where_they_are() -> None:
    wrong = np.array([[6, 6, 1], [5, 5, -1]], np.int32)  # second document, words 1 and 0
    positions, valid, gold = _core.roll_entities(**free_batch(wrong=wrong))
    b0, nothing_open = positions[:, 0], positions[:, 3] < 0
    units = [name.startswith("Unit") for name in entity_batch()["system"].actions]
    (first,) = np.flatnonzero(b0 == 5)
    assert not gold[first, units].any()
    assert (gold[first] == valid[first])[np.logical_not(units)].all()
    (second,) = np.flatnonzero(b0 == 6)
    if nothing_open[second]:
        assert gold[second, units].tolist() == [1, 0]
    others = b0 < 5
    assert (gold[others] == valid[others]).all()
    empty = _core.roll_entities(**free_batch(wrong=np.zeros((0, 3), np.int32)))
    assert (empty[2] == empty[1]).all()


@pytest.mark.parametrize(
    "row", [[-1, 0, 0], [12, 12, 0], [4, 5, 0], [3, 2, 0], [0, 0, 2], [0, 0, -2], [2**31 - 1, 2**31 - 1, 0]]
)
def test_wrong_entities_that_do_not_fit(row: list[int]) -> None:
    with pytest.raises(TrainingError, match=r"wrong\[1\]: found words"):
        _core.roll_entities(**free_batch(wrong=np.array([[0, 0, 0], row], np.int32)))
    with pytest.raises(TrainingError, match="axis 1, expected 3"):
        _core.roll_entities(**free_batch(wrong=np.zeros((1, 2), np.int32)))


def test_entities_that_are_gold_and_wrong_are_errors() -> None:
    with pytest.raises(TrainingError, match="words 0 to 1: found an entity with 'PER' that is known to be"):
        _core.roll_entities(**entity_batch() | {"wrong": np.array([[0, 1, -1]], np.int32), "n_threads": 2})
