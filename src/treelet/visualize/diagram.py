"""Settings and the list of parameters in, the blocks that a drawing of the network shows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treelet import _core

if TYPE_CHECKING:
    from treelet.annotators.inventory import Parameter
    from treelet.settings import Settings

EXAMPLE = "Lisbon"
"""The word whose features are shown."""


@dataclass(frozen=True)
class Block:
    """One box: a layer, equal layers, or an annotator."""

    title: str
    lines: tuple[str, ...]
    count: int
    """Of its parameters."""
    status: str
    """trained, frozen or pretrained; fitted weights of an annotator are told in a line."""


@dataclass(frozen=True)
class Diagram:
    """A network from a word at the top to its annotators at the bottom."""

    word: str
    tables: tuple[Block, ...]
    """Hash tables; `lines`: what is hashed, then the size."""
    static: tuple[Block, ...]
    """Static vectors and their map, if any."""
    trunk: tuple[Block, ...]
    """Mix, convolutions, recurrent layers: each reads the one before it."""
    width: int
    """Numbers of a token vector."""
    annotators: tuple[Block, ...]

    @property
    def shared(self) -> int:
        """Parameters of the encoder."""
        return sum(block.count for block in (*self.tables, *self.static, *self.trunk))

    @property
    def count(self) -> int:
        """All parameters."""
        return self.shared + sum(block.count for block in self.annotators)


def network_diagram(settings: Settings, parameters: Sequence[Parameter]) -> Diagram:
    """The drawing's content. `parameters`: what `nlp.parameters()` gives for these settings."""
    rows = _Rows(parameters)
    annotators = dict.fromkeys(row.owner for row in parameters if not row.shared)
    return Diagram(
        word=EXAMPLE,
        tables=_tables(settings, rows),
        static=_static(rows),
        trunk=_trunk(settings, rows),
        width=settings.encoder.width,
        annotators=tuple(_annotator(name, settings, rows) for name in annotators),
    )


class _Rows:
    """Parameters by name, and sums over those whose names start alike."""

    def __init__(self, rows: Sequence[Parameter]) -> None:
        self.by_name = {row.name: row for row in rows}

    def size(self, name: str, axis: int = 0) -> int:
        return self.by_name[name].shape[axis]

    def block(self, title: str, lines: Sequence[str], *prefixes: str) -> Block:
        found = [row for row in self.by_name.values() if row.name.startswith(prefixes)]
        statuses = [row.status for row in found if row.status != "fitted"]
        return Block(title, tuple(lines), sum(row.count for row in found), statuses[0])


def _tables(settings: Settings, rows: _Rows) -> tuple[Block, ...]:
    features = settings.features
    core = _core.FeatureSettings(features.prefix_lengths, features.suffix_lengths, features.shape_run)
    strings = _core.feature_strings(EXAMPLE, core)
    width = settings.encoder.width
    blocks = []
    for name, string in zip(features.tables(), strings, strict=True):
        title = name.rstrip("0123456789")
        title += f" {name[len(title) :]}" if name != title else ""
        size = f"{rows.size(f'embed.{name}'):,} rows × {width}"
        blocks.append(rows.block(title, (string, size), f"embed.{name}"))
    return tuple(blocks)


def _static(rows: _Rows) -> tuple[Block, ...]:
    if "vectors.map" not in rows.by_name:
        return ()
    words, length = rows.by_name["vectors.keys"].shape[0], rows.by_name["vectors.table"].shape[1]
    stored = ("vectors.keys", "vectors.table", "vectors.scale")
    return (
        rows.block("static vectors", (f"{words:,} words × {length}", "found by the norm"), *stored),
        rows.block("map", (f"{length} → {rows.size('vectors.map')}",), "vectors.map"),
    )


def _trunk(settings: Settings, rows: _Rows) -> tuple[Block, ...]:
    encoder = settings.encoder
    width, units = encoder.width, encoder.recurrent_units
    norm = f"{_pieces(encoder.pieces)}, LayerNorm"
    parts = rows.size("mix.weight", 1) // width
    blocks = [rows.block("mix", (f"{parts} parts × {width} → {width}", norm), "mix.")]
    if encoder.depth:
        seen = 2 * encoder.window + 1
        apart = ", ".join(map(str, encoder.dilations()))
        lines = (
            f"{seen} words × {width} → {width}, neighbours {apart} apart",
            f"{norm}, added to the word",
        )
        blocks.append(rows.block(*_several("convolution", encoder.depth, lines), "encoder."))
    if encoder.recurrent_layers:
        lines = (
            f"{width} → {units} summed up from the left, {units} from the right",
            f"{width} + 2 × {units} → {width}, {norm}, added to the word",
        )
        blocks.append(rows.block(*_several("recurrent layer", encoder.recurrent_layers, lines), "recurrent."))
    return tuple(blocks)


def _pieces(count: int) -> str:
    return f"maximum of {count} pieces" if count > 1 else "linear"


def _several(name: str, layers: int, lines: tuple[str, str]) -> tuple[str, tuple[str, str]]:
    """Title and lines of one block for so many equal layers."""
    if layers == 1:
        return name, lines
    return f"{layers} {name}s", (f"each: {lines[0]}", lines[1])


def _annotator(name: str, settings: Settings, rows: _Rows) -> Block:
    width = settings.encoder.width
    if name == "morphologizer":
        lines = [f"{width} → {rows.size('upos.bias')} UPOS", f"{width} → {rows.size('feats.bias')} FEATS"]
        return rows.block(name, lines, "upos.", "feats.")
    if name == "senter":
        hidden = rows.size("senter.upper") - 1
        seen = f"2 words × {width} + traits of the gap"
        return rows.block(name, (f"{seen} → {hidden} units", f"{hidden} → start or none"), "senter.")
    if name in ("parser", "ner"):
        positions, actions = rows.size(f"{name}.padding"), rows.size(f"{name}.upper.bias")
        hidden = rows.size(f"{name}.upper.weight", 1)
        pieces = rows.size(f"{name}.bias") // hidden
        lines = [
            f"{positions} words of a state × {width} → {hidden} units",
            f"{_pieces(pieces)}; {hidden} → {actions} actions",
        ]
        if f"{name}.calibration" in rows.by_name:
            lines.append("probabilities fitted to dev data")
        return rows.block(name, lines, f"{name}.")
    what = {"tagger": "XPOS tags", "lemmatizer": "edit trees"}[name]
    return rows.block(name, (f"{width} → {rows.size(f'{name}.bias')} {what}",), f"{name}.")
