"""Settings and label sets in, a list of all that is learned out: each weight, its layer, who uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Literal

import numpy as np

from treelet import _core
from treelet.annotators.shapes import calibration_shapes, network_shapes
from treelet.annotators.table import ANNOTATOR_TABLE

if TYPE_CHECKING:
    from treelet.annotators.shapes import Shape
    from treelet.settings import Settings

Status = Literal["trained", "frozen", "pretrained", "fitted"]
"""trained: moved by every update. frozen: would be, but for `nlp.freeze`. pretrained: read from a file of
vectors, never updated. fitted: to development data, once teaching has ended."""

ENCODER = "encoder"
"""Owner of the weights that all annotators share."""

ENCODER_GROUPS = ("hash tables", "static vectors", "mix", "convolutions", "recurrent layers")
"""In the order in which a word passes them."""

_PRETRAINED = ("vectors.keys", "vectors.table", "vectors.scale")
_CALIBRATION = ("calibration", "label_calibration")
_MOST_BYTE_INPUTS = 2048  # core/network/kernels.h: a longer row is multiplied in floats


@dataclass(frozen=True)
class Parameter:
    """One array of the network, and what is known of it."""

    name: str
    """As in the package: ARCHITECTURE.md lists the names."""
    owner: str
    """"encoder", or the annotator that it belongs to."""
    group: str
    """Layers that belong together: "hash tables", "convolutions", an annotator …"""
    layer: str
    """In words: "hash table of suffixes of 3 characters", "recurrent layer 2, ahead" …"""
    holds: str
    """What of the layer: weights, biases …"""
    shape: Shape
    dtype: str
    """Of the numbers in the package; of a network that was never saved, as it is taught."""
    bytes: int
    """In the package, with what the bytes of each row are worth; never saved: as it is taught."""
    bytes_in_memory: int
    """While annotating, in the form that is multiplied or looked up; padding is left out."""
    status: Status
    used_by: tuple[str, ...]
    """Annotators that go by it."""

    @property
    def count(self) -> int:
        """How many numbers."""
        return prod(self.shape)

    @property
    def shared(self) -> bool:
        """Whether it serves all annotators."""
        return self.owner == ENCODER


@dataclass(frozen=True)
class Inventory:
    """What the list is made of: settings and label sets, annotators that are there, and what is frozen.

    `frozen` names "encoder" or annotators. `stored`: of a package, name to type and size in bytes of every
    array; None for a network that was never saved.
    """

    settings: Settings
    labels: Mapping[str, Sequence[str]]
    annotators: Sequence[str]
    frozen: Sequence[str] = ()
    stored: Mapping[str, tuple[str, int]] | None = None

    def parameters(self) -> list[Parameter]:
        """A row for every weight, in the order in which a word passes them, annotators last.

        Raises SettingsError for unknown state features, KeyError for a missing label set.
        """
        shapes = network_shapes(self.settings, self.labels)
        stored = self.stored or {}
        shapes |= {name: shape for name, shape in calibration_shapes(self.settings).items() if name in stored}
        in_bytes = multiplies_bytes(self.settings.encoder.precision)
        there = (ENCODER, *self.annotators)
        names = sorted((name for name in shapes if owner_of(name) in there), key=_place)
        return [self._parameter(name, shapes[name], in_bytes) for name in names]

    def _parameter(self, name: str, shape: Shape, in_bytes: bool) -> Parameter:
        taught = {"vectors.keys": "uint64", "vectors.table": "int8"}.get(name, "float32")
        dtype, size = (self.stored or {}).get(name, (taught, prod(shape) * np.dtype(taught).itemsize))
        owner = owner_of(name)
        group, layer, holds = describe(name)
        return Parameter(
            name=name,
            owner=owner,
            group=group,
            layer=layer,
            holds=holds,
            shape=shape,
            dtype=dtype,
            bytes=size,
            bytes_in_memory=prod(shape) * _number_in_memory(name, shape, dtype, in_bytes),
            status=self._status(name, owner),
            used_by=tuple(self.annotators) if owner == ENCODER else (owner,),
        )

    def _status(self, name: str, owner: str) -> Status:
        if name in _PRETRAINED:
            return "pretrained"
        if name.rpartition(".")[2] in _CALIBRATION:
            return "fitted"
        return "frozen" if owner in self.frozen else "trained"


def owner_of(name: str) -> str:
    """The annotator that a weight belongs to, or "encoder"."""
    prefix = name.partition(".")[0]
    return next((row.name for row in ANNOTATOR_TABLE.values() if prefix in row.weights), ENCODER)


def multiplies_bytes(precision: str) -> bool:
    """Whether products are made of bytes on this processor: `encoder.precision`, "auto" included."""
    weights = _core.Weights()
    weights.add("product.weight", "F32", [1, 2], np.array([1.0, 0.3], np.float32))
    weights.add("product.bias", "F32", [1], np.zeros(1, np.float32))
    rows = np.array([[0.0, 1.0]], np.float32)
    # 0.3 is 38.1 steps of 1/127: only in bytes does it come out as 38 of them.
    return abs(float(_core.affine(weights, "product", rows, precision)[0, 0]) - 0.3) > 1e-4


def _number_in_memory(name: str, shape: Shape, dtype: str, in_bytes: bool) -> int:
    """Bytes of a number while annotating: tables and small layers are floats, products maybe bytes."""
    if name in ("vectors.keys", "vectors.table"):
        return np.dtype(dtype).itemsize
    in_floats = ("embed", "vectors", "senter"), ("padding", *_CALIBRATION)
    first, _, last = name.partition(".")
    floats = first in in_floats[0] or last in in_floats[1] or len(shape) < 2 or shape[1] > _MOST_BYTE_INPUTS
    return 1 if in_bytes and not floats else 4


def _place(name: str) -> tuple[int, int]:
    """Rank of a weight's group, and of its layer among those of the group."""
    group, number = describe(name)[0], name.split(".")[1]
    ranks = (*ENCODER_GROUPS, *ANNOTATOR_TABLE)
    return ranks.index(group), int(number) if number.isdigit() else 0


def describe(name: str) -> tuple[str, str, str]:
    """Group, layer and content of a weight, in words."""
    first, *rest = name.split(".")
    holds = _HOLDS.get(rest[-1], "weights")
    if first == "embed":
        return "hash tables", f"hash table of {_table(rest[0])}", "a vector a row"
    if first == "vectors":
        return ("static vectors", *_STATIC[rest[0]])
    if first == "encoder":
        return "convolutions", f"convolution {int(rest[0]) + 1}", holds
    if first == "recurrent":
        return "recurrent layers", f"recurrent layer {int(rest[0]) + 1}, {rest[1]}", holds
    if first == "mix":
        return "mix", "mix", holds
    owner = owner_of(name)
    kind = "calibration" if rest[-1] in _CALIBRATION else _OUTPUTS.get(f"{first}.{rest[0]}", "state layer")
    whose = "entity recognizer" if owner == "ner" else owner
    return owner, f"{_OUTPUTS.get(first, kind)} of the {whose}", holds


def _table(name: str) -> str:
    kind = name.rstrip("0123456789")
    length = name[len(kind) :]
    if not length:
        return {"norm": "norms", "shape": "shapes"}[kind]
    return f"{kind}es of {length} character{'s' if int(length) > 1 else ''}"


_HOLDS = {
    "bias": "biases",
    "gain": "gains of the LayerNorm",
    "shift": "shifts of the LayerNorm",
    "lower": "weights, a block for each position of a state",
    "padding": "what a position adds where it shows no word",
    "gaps": "a row for each trait of a gap",
    "upper": "bias and weights",
    "calibration": "what makes its probabilities hold",
    "label_calibration": "the same for its relations",
}
_STATIC = {
    "keys": ("static vectors", "hashes of their words"),
    "table": ("static vectors", "a vector a word"),
    "scale": ("static vectors", "a factor a column"),
    "map": ("map of static vectors", "weights"),
}
_OUTPUTS = {
    "tagger": "XPOS layer",
    "upos": "UPOS layer",
    "feats": "FEATS layer",
    "lemmatizer": "edit-tree layer",
    "senter.weight": "gap layer",
    "senter.bias": "gap layer",
    "senter.gaps": "gap table",
    "senter.upper": "output layer",
    "parser.upper": "action layer",
    "ner.upper": "action layer",
}
