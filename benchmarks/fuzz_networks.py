"""A package's files in; the same of other settings and labels out, with weights that fit them: damage that
no check of shapes finds."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from treelet import _core
from treelet.annotators import network_shapes
from treelet.errors import SettingsError
from treelet.package.safetensors import Tensor, write_tensors
from treelet.settings import (
    all_fields,
    settings_from_dict,
    settings_from_toml,
    settings_to_dict,
    settings_to_toml,
)

MOST_NUMBERS = 500_000  # of weights: networks stay small, so that there is time for many
CLOSE = 12
MOST_BEAM = 32  # candidates: a wider one is allowed, and takes its time
LABELS = ("root", "", "|", "a|b", "A|b|C", "\x1b[1m", "\t", "\n", "\ud800", "x" * 3000, "O", "_", "B-X")
FEATS = ("=", "A=", "=b", "A=b|A=b", "A=b|", "|A=b", "A=b,c")
TREES = (
    "l-",
    "k[9,9<a/b>-]",
    "t</x>",
    "u[1,0--]",
    "l<\\",
    "l" + "[0,0" * 200 + "-" * 300,
    "k</" + "y" * 3000 + ">",
    "l[0,1-<s/>]",
)


def fitting(files: dict[str, bytes], chance: Random) -> None:
    """Changed in place; as they are, where settings or labels are none."""
    try:
        settings = settings_from_toml(files["settings.toml"].decode())
        labels = json.loads(files["labels.json"])
        for names in labels.values():
            if isinstance(names, list) and chance.random() < 0.2:
                _change_labels(names, chance)
        values = settings_to_dict(settings)
        for _ in range(chance.choice((0, 1, 2, 5))):
            _change_setting(values, chance)
        settings = settings_from_dict(values)
        shapes = network_shapes(settings, labels)
    except (SettingsError, ValueError, KeyError, TypeError, AttributeError):
        return
    if sum(_count(shape) for shape in shapes.values()) > MOST_NUMBERS:
        return
    files["settings.toml"] = settings_to_toml(settings).encode()
    files["labels.json"] = json.dumps(labels).encode()
    files["weights.safetensors"] = write_tensors(_random_tensors(shapes, chance))


def _count(shape: tuple[int, ...]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product


def _change_labels(names: list[Any], chance: Random) -> None:
    odd = chance.choice((*LABELS, *FEATS, *TREES))
    kind = chance.randrange(5)
    if kind == 0:
        names[chance.randrange(len(names) or 1) :] = [odd]
    elif kind == 1:
        names.append(odd)
    elif kind == 2:
        names.extend(f"{odd}{i}" for i in range(chance.choice((1, 30, 1000))))
    elif kind == 3:
        names.clear()
    else:
        names.extend(names[:1])


def _change_setting(values: dict[str, Any], chance: Random) -> None:
    section, field = chance.choice(all_fields())
    into = values.setdefault(section, {}) if section else values
    rule, kind = field.rule, getattr(field.kind, "__args__", (field.kind,))[0]
    if rule.choices:
        found: Any = chance.choice(rule.choices)
    elif kind is bool:
        found = chance.random() < 0.5
    elif rule.low is None or rule.high is None:
        found = chance.choice(("en", "pt", "zz-Latn-2"))
    elif kind is int:
        ends = (int(rule.low), int(rule.high), int(rule.low) + chance.randrange(CLOSE))
        found = min(chance.choice(ends), MOST_BEAM if field.name == "beam_width" else int(rule.high))
    else:
        found = chance.choice((rule.low, rule.high, chance.uniform(rule.low, rule.high)))
    if hasattr(field.kind, "__args__"):
        found = [found] * chance.choice((1, 1, 2))
    into[field.name] = found


def _random_tensors(shapes: dict[str, tuple[int, ...]], chance: Random) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for name, shape in shapes.items():
        count = _count(shape)
        if name == "vectors.keys":
            keys = _core.norm_hashes([f"word{i}" for i in range(count)])
            tensors[name] = Tensor("U64", shape, bytes(memoryview(keys).cast("B")))
        elif name == "vectors.table":
            tensors[name] = Tensor("I8", shape, chance.randbytes(count))
        elif len(shape) == 2 and chance.random() < 0.3 and not name.startswith(("senter.", "parser.cal")):
            tensors[name] = Tensor("I8", shape, chance.randbytes(count))
            tensors[f"{name}.step"] = Tensor("F32", shape[:1], b"\x0a\xd7\x23\x3c" * shape[0])  # 0.01 each
        else:
            # The lower byte at random, the upper of small numbers: 16-bit floats within ±0.5.
            upper = chance.choice((0x30, 0xB2, 0x00))
            data = bytearray(chance.randbytes(2 * count))
            data[1::2] = bytes((upper,)) * count
            tensors[name] = Tensor("F16", shape, bytes(data))
    return tensors
