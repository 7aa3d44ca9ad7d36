"""Hyper-parameters: schema.py says what there is, reader.py turns TOML into it and back."""

from treelet.settings.annotator_sections import (
    EntitySettings,
    LemmatizerSettings,
    MorphologizerSettings,
    ParserSettings,
    SenterSettings,
    TaggerSettings,
)
from treelet.settings.network_sections import EncoderSettings, FeatureSettings, TransformerSettings
from treelet.settings.reader import (
    changed_for_annotation,
    override,
    parse_changes,
    read_settings,
    read_values,
    settings_for_teaching,
    settings_from_dict,
    settings_from_toml,
    settings_to_dict,
    settings_to_toml,
)
from treelet.settings.schema import (
    ANNOTATION_SETTINGS,
    ANNOTATORS,
    LATER_SETTINGS,
    TEACHING_SETTINGS,
    Settings,
    TrainingSettings,
    all_fields,
    structure_settings,
)

__all__ = [
    "ANNOTATION_SETTINGS",
    "ANNOTATORS",
    "LATER_SETTINGS",
    "TEACHING_SETTINGS",
    "EncoderSettings",
    "EntitySettings",
    "FeatureSettings",
    "LemmatizerSettings",
    "MorphologizerSettings",
    "ParserSettings",
    "SenterSettings",
    "Settings",
    "TaggerSettings",
    "TrainingSettings",
    "TransformerSettings",
    "all_fields",
    "changed_for_annotation",
    "override",
    "parse_changes",
    "read_settings",
    "read_values",
    "settings_for_teaching",
    "settings_from_dict",
    "settings_from_toml",
    "settings_to_dict",
    "settings_to_toml",
    "structure_settings",
]
