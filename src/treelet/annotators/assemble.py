"""Settings, labels and weights in, the core's pipeline out."""

from __future__ import annotations

from treelet import _core
from treelet.annotators.shapes import entity_system, feature_settings, parser_system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treelet.settings import Settings


def assemble(
    tokenizer: _core.Tokenizer,
    settings: Settings,
    labels: Mapping[str, Sequence[str]],
    weights: _core.Weights,
    annotators: Sequence[str],
) -> _core.Pipeline:
    """The core's pipeline with the annotators named. Raises PackageError when the weights do not fit."""
    parts = _core.PipelineParts(
        tokenizer, core_encoder_settings(settings), weights, settings.encoder.precision
    )
    if "tagger" in annotators:
        parts.add_tagger(list(labels["xpos"]), weights)
    if "morphologizer" in annotators:
        parts.add_morphologizer(list(labels["upos"]), list(labels["feats"]), weights)
    if "lemmatizer" in annotators and settings.lemmatizer:
        parts.add_lemmatizer(list(labels["trees"]), settings.lemmatizer.candidates, weights)
    if "senter" in annotators and settings.senter:
        senter = settings.senter
        parts.add_senter(
            hidden=senter.hidden,
            pieces=senter.pieces,
            start_above=senter.start_above,
            join_below=senter.join_below,
            weights=weights,
        )
    if "parser" in annotators and settings.parser:
        parser = settings.parser
        system = parser_system(parser, labels)
        parts.add_parser(system, parser.hidden, parser.pieces, weights, parser.lifting, parser.beam_width)
    if "ner" in annotators and settings.ner:
        ner = settings.ner
        parts.add_ner(entity_system(ner, labels), ner.hidden, ner.pieces, weights, ner.beam_width)
    return _core.Pipeline(parts)


def core_encoder_settings(settings: Settings) -> _core.EncoderSettings:
    """What the core's encoder is made from."""
    encoder = settings.encoder
    return _core.EncoderSettings(
        width=encoder.width,
        depth=encoder.depth,
        window=encoder.window,
        pieces=encoder.pieces,
        dilations=encoder.dilations(),
        rows=encoder.rows(settings.features),
        features=feature_settings(settings.features),
        vector_words=encoder.vector_words,
        vector_length=encoder.vector_length,
        recurrent_layers=encoder.recurrent_layers,
        recurrent_units=encoder.recurrent_units,
        vector_rows=encoder.vector_rows,
    )
