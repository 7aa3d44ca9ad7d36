"""Settings in, WrongValue out where values that are right by themselves cannot go together."""

from __future__ import annotations

from treelet import _core
from treelet.errors import SettingsError
from treelet.settings.rule import WrongValue, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from treelet.settings.schema import Settings


def check_combinations(settings: Settings) -> None:
    """What must hold of any settings, those of a stored package too."""
    _check_tables(settings)
    for name, section in (("parser", settings.parser), ("ner", settings.ner)):
        if section is not None:
            _check_positions(name, section.features)
    encoder = settings.encoder
    if (encoder.vector_words > 0) < (encoder.vector_length > 0):
        raise _wrong(
            "encoder.vector_words", 0, f"1 or more, as encoder.vector_length is {encoder.vector_length}"
        )
    if encoder.vector_words and encoder.vector_rows >= encoder.vector_words:
        fewer = f"fewer than encoder.vector_words, {encoder.vector_words}, or 0 for a row each"
        raise _wrong("encoder.vector_rows", encoder.vector_rows, fewer)


def check_teaching(settings: Settings, has_vectors: bool) -> None:
    """What must hold where teaching starts; `has_vectors`: whether static vectors are there."""
    encoder, training = settings.encoder, settings.training
    if not has_vectors:
        for name in ("vector_words", "vector_rows", "vector_length"):
            found = getattr(encoder, name)
            if found:
                raise _wrong(f"encoder.{name}", found, "0 without static vectors: --vectors names a file")
    if training.batch_stop < training.batch_start:
        least = f"at least training.batch_start, {training.batch_start}: batches grow"
        raise _wrong("training.batch_stop", training.batch_stop, least)
    cases = training.augment_lower + training.augment_upper
    if cases + training.augment_title > 1:
        left = "at most what augment_lower and augment_upper leave of 1"
        raise _wrong("training.augment_title", training.augment_title, left)
    for name, section in (("parser", settings.parser), ("ner", settings.ner)):
        if section is not None and section.exploration and section.exploration_start >= training.epochs:
            late = f"less than training.epochs, {training.epochs}, or {name}.exploration = 0 for none at all"
            raise _wrong(f"{name}.exploration_start", section.exploration_start, late)


def _check_tables(settings: Settings) -> None:
    features, encoder = settings.features, settings.encoder
    for kind, lengths, rows in (
        ("prefix", features.prefix_lengths, encoder.rows_prefix),
        ("suffix", features.suffix_lengths, encoder.rows_suffix),
    ):
        if len(rows) > len(lengths) or (lengths and not rows):
            count = f"1 to {len(lengths)} numbers" if lengths else "none"
            raise _wrong(f"encoder.rows_{kind}", rows, f"{count}, as features.{kind}_lengths is {lengths}")


def _check_positions(name: str, positions: list[str]) -> None:
    """Sets of positions may overlap: the core knows what each holds."""
    try:
        if name == "parser":
            _core.ArcEager([], ["dep"], positions)
        else:
            _core.EntityMoves(["X"], positions)
    except SettingsError as error:
        raise WrongValue(str(error).partition(": ")[2]).under("features").under(name) from None


def _wrong(path: str, found: object, expected: str) -> WrongValue:
    return WrongValue(f"found {shown(found)}, expected {expected}").under(path)
