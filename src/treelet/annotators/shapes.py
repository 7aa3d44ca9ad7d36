"""Settings and label sets in, the name and shape of every weight out (ARCHITECTURE.md has the table)."""

from __future__ import annotations

from treelet import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treelet.settings import EntitySettings, FeatureSettings, ParserSettings, Settings

    Labels = Mapping[str, Sequence[str]]

Shape = tuple[int, ...]


def network_shapes(settings: Settings, labels: Labels) -> dict[str, Shape]:
    """Name to shape of every weight that a network of these settings and labels has, in a fixed order.

    `labels` has a key for each label set that the annotators need: "xpos", "upos", "feats", "trees", "left",
    "right", "ner".
    Raises SettingsError for unknown state features, KeyError for a missing label set.
    """
    width = settings.encoder.width
    shapes = _encoder_shapes(settings)
    affine = {
        "tagger": [("tagger", "xpos")],
        "morphologizer": [("upos", "upos"), ("feats", "feats")],
        "lemmatizer": [("lemmatizer", "trees")],
    }
    for annotator, layers in affine.items():
        if getattr(settings, annotator) is not None:
            for name, label_set in layers:
                shapes[f"{name}.weight"] = (len(labels[label_set]), width)
                shapes[f"{name}.bias"] = (len(labels[label_set]),)
    if settings.senter is not None:
        hidden, wide = settings.senter.hidden, settings.senter.pieces * settings.senter.hidden
        shapes["senter.weight"] = (wide, 2 * width)
        shapes["senter.bias"] = (wide,)
        shapes["senter.gaps"] = (len(_core.gap_row_names()), 1 + wide)
        shapes["senter.upper"] = (1 + hidden,)
    if settings.parser is not None:
        shapes |= _state_shapes("parser", settings.parser, parser_system(settings.parser, labels), width)
    if settings.ner is not None:
        shapes |= _state_shapes("ner", settings.ner, entity_system(settings.ner, labels), width)
    return shapes


def calibration_shapes(settings: Settings) -> dict[str, Shape]:
    """Weights that a package may do without: they turn what a walk knew into probabilities that hold.

    core/annotators/confidence.h says what their numbers mean.
    """
    shapes: dict[str, Shape] = {}
    if settings.parser is not None:
        shapes |= {"parser.calibration": (3, 4), "parser.label_calibration": (2,)}
    if settings.ner is not None:
        shapes["ner.calibration"] = (5,)
    return shapes


def parser_system(settings: ParserSettings, labels: Labels) -> _core.ArcEager:
    """The parser's transition system."""
    return _core.ArcEager(
        list(labels["left"]), list(labels["right"]), settings.features, settings.non_monotonic
    )


def entity_system(settings: EntitySettings, labels: Labels) -> _core.EntityMoves:
    """The entity recognizer's transition system."""
    return _core.EntityMoves(list(labels["ner"]), settings.features)


def feature_settings(features: FeatureSettings) -> _core.FeatureSettings:
    """What the core reads off a word."""
    return _core.FeatureSettings(features.prefix_lengths, features.suffix_lengths, features.shape_run)


def _encoder_shapes(settings: Settings) -> dict[str, Shape]:
    encoder, tables = settings.encoder, settings.features.tables()
    width, wide = encoder.width, encoder.pieces * encoder.width
    shapes: dict[str, Shape] = {
        f"embed.{table}": (rows, width)
        for table, rows in zip(tables, encoder.rows(settings.features), strict=True)
    }
    if encoder.vector_length:
        shapes["vectors.keys"] = (encoder.vector_words,)
        shapes["vectors.table"] = (encoder.vector_rows or encoder.vector_words, encoder.vector_length)
        shapes["vectors.scale"] = (encoder.vector_length,)
        shapes["vectors.map"] = (width, encoder.vector_length)
    inputs = {"mix": (len(tables) + bool(encoder.vector_length)) * width}
    inputs |= {f"encoder.{layer}": (2 * encoder.window + 1) * width for layer in range(encoder.depth)}
    units = encoder.recurrent_units
    for layer in range(encoder.recurrent_layers):
        name = f"recurrent.{layer}"
        for direction in ("ahead", "back"):
            shapes[f"{name}.{direction}.weight"] = (2 * units, width)
            shapes[f"{name}.{direction}.bias"] = (2 * units,)
        inputs[f"{name}.mix"] = width + 2 * units
    for name, size in inputs.items():
        shapes[f"{name}.weight"] = (wide, size)
        shapes[f"{name}.bias"] = (wide,)
        shapes[f"{name}.gain"] = (width,)
        shapes[f"{name}.shift"] = (width,)
    return shapes


def _state_shapes(
    name: str,
    settings: ParserSettings | EntitySettings,
    system: _core.ArcEager | _core.EntityMoves,
    width: int,
) -> dict[str, Shape]:
    features, wide = len(system.features), settings.pieces * settings.hidden
    return {
        f"{name}.lower": (features * wide, width),
        f"{name}.padding": (features, wide),
        f"{name}.bias": (wide,),
        f"{name}.upper.weight": (system.n_actions, settings.hidden),
        f"{name}.upper.bias": (system.n_actions,),
    }
