"""Settings and label sets in; what this machine has not the memory to teach is refused."""

from __future__ import annotations

import os
from math import prod
from pathlib import Path

from treelet.annotators import network_shapes
from treelet.errors import SettingsError
from treelet.settings import EntitySettings, ParserSettings, Settings
from treelet.teaching.beam import LEAST_WIDTH
from treelet.teaching.labels import Labels

COPIES = 6
"""Arrays a parameter has: itself, its gradient, Adam's two, its average, and one while a package is saved."""
_BYTES = 4
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_GB = 1e9

_LOWER = {
    "embed.norm": "encoder.rows_norm or encoder.width",
    "embed.prefix": "encoder.rows_prefix or encoder.width",
    "embed.suffix": "encoder.rows_suffix or encoder.width",
    "embed.shape": "encoder.rows_shape or encoder.width",
    "vectors": "encoder.vector_words",
    "mix": "encoder.pieces or encoder.width",
    "encoder": "encoder.depth, encoder.pieces or encoder.width",
    "recurrent": "encoder.recurrent_layers, encoder.recurrent_units, encoder.pieces or encoder.width",
    "senter": "senter.hidden or senter.pieces",
    "parser": "parser.hidden, parser.pieces or encoder.width, or name fewer parser.features",
    "ner": "ner.hidden, ner.pieces or encoder.width, or name fewer ner.features",
}
"""Beginning of a weight's name -> what makes it large."""


def check_network(settings: Settings, labels: Labels) -> None:
    """Raises SettingsError where the network's parameters alone need more memory than this machine has."""
    taken: dict[str, float] = {}
    for name, shape in network_shapes(settings, labels.packaged()).items():
        part = next((part for part in _LOWER if name.startswith(part)), "encoder.width")
        taken[part] = taken.get(part, 0.0) + prod(shape) * _BYTES * COPIES
    largest = max(taken, key=lambda part: taken[part])
    _refuse_beyond(sum(taken.values()), "to teach a network of this size", _LOWER.get(largest, largest))


def check_batch(settings: Settings, labels: Labels, words: int) -> None:
    """Raises SettingsError where a batch of so many words needs more memory than this machine has.

    Counts what forward and backward keep at one time; of beams, as if no window ever closed early.
    """
    encoder = settings.encoder
    layers = encoder.depth + encoder.recurrent_layers + 1
    parts = len(settings.features.tables()) + bool(encoder.vector_length)
    numbers = (parts + layers * (encoder.pieces + 3)) * encoder.width
    numbers += encoder.recurrent_layers * 6 * encoder.recurrent_units
    taken = {"training.batch_stop": words * numbers}
    shapes = network_shapes(settings, labels.packaged())
    for name, section, steps in (("parser", settings.parser, 2), ("ner", settings.ner, 1)):
        if section is not None:
            actions = shapes[f"{name}.upper.weight"][0]
            lowered = shapes[f"{name}.lower"][0]
            states = steps * _histories(section) * ((section.pieces + 2) * section.hidden + actions)
            what = f"{name}.beam_width or {name}.hidden" if _histories(section) > 1 else f"{name}.hidden"
            taken[f"training.batch_stop, {what}"] = words * (lowered + states)
    largest = max(taken, key=lambda part: taken[part])
    _refuse_beyond(_BYTES * sum(taken.values()), f"to teach a batch of {words:,} words", largest)


def _histories(section: ParserSettings | EntitySettings) -> int:
    return max(section.beam_width, LEAST_WIDTH) if section.global_updates else 1


def _refuse_beyond(needed: float, purpose: str, lower: str) -> None:
    there = machine_memory()
    if there is not None and needed > there:
        raise SettingsError(
            f"settings: found {needed / _GB:.1f} GB of memory that it takes {purpose}, expected at most the "
            f"{there / _GB:.1f} GB of this machine: lower {lower}"
        )


def machine_memory() -> int | None:
    """Bytes that processes here may have together; None where the system does not tell."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None
    for path in _LIMITS:
        try:
            limit = int(Path(path).read_text(encoding="ascii"))
        except (OSError, ValueError):  # "max": none
            continue
        found = min(found, limit)
    return found
