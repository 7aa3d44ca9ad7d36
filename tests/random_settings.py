"""Settings at random, drawn from the schema: right ones, nearly right ones and junk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from treelet.settings import ANNOTATORS, Settings, all_fields
from treelet.settings.section import Field

CLOSE = 40  # numbers are drawn that near to the least allowed, so that networks stay small
ODD_NUMBERS = [True, False, -1, 0.5, math.nan, math.inf, -math.inf, -(2**63), 10**5000, 1e308, 5e-324]
ODD_LISTS: list[Any] = [[], [[]], [[[1]]], [0], ["8"], ["S0", "S0"], [10**30], [math.nan], [None]]
ODD_OTHERS: list[Any] = [None, "", "all", "1", "é\udc80", {}, {"x": 1}, {"": {}}, {3: 4}, b"x", (1,), 1j]
JUNK: st.SearchStrategy[Any] = st.sampled_from([*ODD_NUMBERS, *ODD_LISTS, *ODD_OTHERS])
NAMES = [name for name, field in Settings.section_fields.items() if field.section()]
OF_SECTION: dict[str, list[Field]] = {}
for _section, _field in all_fields():
    OF_SECTION.setdefault(_section, []).append(_field)


def right(field: Field) -> st.SearchStrategy[Any]:
    """Values that the field's rule allows, small ones."""
    inner = getattr(field.kind, "__args__", None)
    if not inner:
        return _one(field, field.kind)
    most = min(field.rule.most or 3, 8)
    return st.lists(
        _one(field, inner[0]), min_size=field.rule.least, max_size=most, unique=field.rule.distinct
    )


def _one(field: Field, kind: type) -> st.SearchStrategy[Any]:
    rule = field.rule
    if kind is bool:
        return st.booleans()
    if rule.choices:
        return st.sampled_from(rule.choices)
    if kind is str:
        return st.sampled_from(["en", "pt", "xx", "de", "zz-Latn-2"])
    assert rule.low is not None, f"{field.name}: numbers need a range"
    assert rule.high is not None
    if kind is int:
        return st.integers(int(rule.low), min(int(rule.high), int(rule.low) + CLOSE))
    ends = st.sampled_from([float(rule.low), float(rule.high)])
    return ends | st.floats(float(rule.low), float(rule.high))


def wrong(field: Field) -> st.SearchStrategy[Any]:
    """Values just out of range, and those of no type at all."""
    rule, inner = field.rule, getattr(field.kind, "__args__", None)
    if rule.low is None or rule.high is None:
        return JUNK
    past: list[Any] = [rule.low - 1, rule.high + 1, rule.high * 1000, -rule.high]
    if field.kind is float:
        past += [math.nextafter(rule.low, -math.inf), math.nextafter(rule.high, math.inf)]
    return JUNK | st.sampled_from([[value] for value in past] if inner else past)


@st.composite
def random_values(draw: st.DrawFn, taught: Sequence[str]) -> dict[str, Any]:
    """Nested dictionaries with any fields of any sections; most have nothing wrong or a thing or two.

    taught: annotators that mostly are the only ones to be asked for.
    """
    values: dict[str, Any] = {}
    for section, fields in OF_SECTION.items():
        known = section not in ANNOTATORS or section in taught
        if section and draw(st.integers(0, 99)) < (33 if known else 95):
            continue
        into = values.setdefault(section, {}) if section else values
        for field in fields:
            if draw(st.integers(0, 2)):
                into[field.name] = draw(right(field))
    if draw(st.integers(0, 4)):
        _mend(values)
        values["pipeline"] = [name for name in values.get("pipeline", []) if name in taught]
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 2]))):
        _spoil(draw, values)
    return values


def _mend(values: dict[str, Any]) -> None:
    """Most combinations that cannot work are made to, or hardly anything would be taught."""
    features, encoder = values.setdefault("features", {}), values.setdefault("encoder", {})
    for kind, lengths in (("prefix", [1, 3]), ("suffix", [2, 3, 4])):
        known = features.get(f"{kind}_lengths", lengths)
        rows = encoder.get(f"rows_{kind}", [9])
        encoder[f"rows_{kind}"] = (rows or [9])[: len(known)]
    training = values.setdefault("training", {})
    least = training.setdefault("batch_start", 20)
    training["batch_stop"] = max(least, training.get("batch_stop", 0))
    epochs = training.setdefault("epochs", 4)
    for name, sets in (("parser", ["8", "13", "all"]), ("ner", ["3", "6", "all"])):
        section = values.get(name, {})
        section["exploration_start"] = min(section.get("exploration_start", 0.0), epochs - 1)
        found = section.get("features", [])
        if len(found) > 1:
            section["features"] = [each for each in found if each not in sets] or found[:1]
        if name not in values:
            section.clear()
    for name in ("vector_words", "vector_length"):
        encoder.pop(name, None)
    if "lemmatizer" in values:
        values["lemmatizer"].pop("min_tree_frequency", None)
    encoder.setdefault("rows_norm", 30)
    encoder.setdefault("rows_shape", 9)
    encoder.setdefault("width", 12)


def _spoil(draw: st.DrawFn, values: dict[str, Any]) -> None:
    section, field = draw(st.sampled_from(all_fields()))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        values[draw(st.sampled_from([*NAMES, "netwrok", "", "encoder.width", "seed"]))] = draw(JUNK)
        return
    into = values.setdefault(section, {}) if section else values
    if isinstance(into, dict):
        into[field.name if kind > 1 else f"{field.name}s"] = draw(wrong(field))
