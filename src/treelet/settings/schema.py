"""Every hyper-parameter: name, type, default, what is allowed, unit and one line of meaning.

The sections here and in the two files they come from are the one source. The TOML file and its checks,
`treelet settings`, docs/settings.md and `nlp.get_pipe(name).cfg` are made from them.
"""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
from treelet.settings.annotator_sections import (
    EntitySettings,
    LemmatizerSettings,
    MorphologizerSettings,
    ParserSettings,
    SenterSettings,
    TaggerSettings,
)
from treelet.settings.network_sections import EncoderSettings, FeatureSettings, TransformerSettings
from treelet.settings.rule import Rule, choice, names, number
from treelet.settings.section import Annotated, Field, Section, field

ANNOTATORS: tuple[str, ...] = ("tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner")


_CODE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def _is_code(text: str) -> bool:
    return 2 <= len(text) <= 20 and _CODE_CHARACTERS.issuperset(text)


class TrainingSettings(Section):
    """How parameters are updated, and when teaching ends."""

    seed: Annotated[int, number("fixes every random choice", 0, 2**31 - 1)] = 0
    dropout: Annotated[float, number("share of encoder outputs dropped", 0.0, 0.9)] = 0.2
    word_dropout: Annotated[
        float, number("share of word types whose NORM is hidden in a batch", 0.0, 0.9)
    ] = 0.0
    learning_rate: Annotated[float, number("step size of Adam", 1e-6, 1.0)] = 0.004
    final_rate: Annotated[float, number("share of the learning rate left at the last pass", 0.0, 1.0)] = 0.05
    weight_decay: Annotated[
        float, number("decoupled decay of weights per step, times the learning rate", 0.0, 1.0)
    ] = 0.01
    gradient_clip: Annotated[float, number("largest norm of a gradient; 0: any", 0.0, 1000.0)] = 1.0
    batch_start: Annotated[int, number("words in the first batches", 1, 1_000_000, "words")] = 200
    batch_stop: Annotated[int, number("words in the last batches", 1, 1_000_000, "words")] = 1000
    batch_growth: Annotated[float, number("growth of a batch from step to step", 1.0, 2.0)] = 1.002
    most_words: Annotated[
        int, number("longest document taught in one piece; 0: any", 0, 1_000_000, "words")
    ] = 500
    average: Annotated[float, number("decay of the averaged parameters; 0 keeps the last", 0.0, 0.99999)] = (
        0.999
    )
    epochs: Annotated[int, number("passes over the data at most", 1, 10_000, "passes")] = 16
    patience: Annotated[
        int, number("evaluations without a better score before teaching ends", 1, 1000, "evaluations")
    ] = 8
    keep: Annotated[
        str, choice("the pass that is kept: the best on the development files, or the last", "best", "last")
    ] = "best"
    rehearsal: Annotated[
        float, number("raw text rehearsed beside each word taught, with --base", 0.0, 1000.0, "words")
    ] = 1.0
    silver: Annotated[
        float, number("silver text taught beside each gold word in a pass, with silver", 0.0, 1000.0, "words")
    ] = 1.5
    gold_passes: Annotated[
        int, number("last passes that teach gold alone, where there is silver", 0, 10_000, "passes")
    ] = 0
    least_confidence: Annotated[
        float, number("least probability of silver heads, labels and entities; others are gaps", 0.0, 1.0)
    ] = 0.0
    soft_tags: Annotated[
        float,
        number("share of silver texts whose tags are drawn by the teacher's probabilities", 0.0, 1.0),
    ] = 0.0
    augment_lower: Annotated[
        float, number("share of documents taught in lower case, others in each pass", 0.0, 1.0)
    ] = 0.0
    augment_upper: Annotated[float, number("share taught in upper case; cases add up to 1", 0.0, 1.0)] = 0.0
    augment_title: Annotated[float, number("share taught with every word capitalised", 0.0, 1.0)] = 0.0
    augment_marks: Annotated[
        float, number("share taught with other quotes, dashes and ellipses, of whatever case", 0.0, 1.0)
    ] = 0.0
    augment_final: Annotated[float, number("share taught without its final mark", 0.0, 1.0)] = 0.0
    precision: Annotated[
        str, choice("factors and results of products while teaching on the processor", "fp32", "bf16")
    ] = "fp32"
    stored: Annotated[
        str, choice("numbers of the large matrices in the package that is saved", "int8", "fp16", "fp32")
    ] = "int8"
    threads: Annotated[int, number("threads of the arithmetic and of the walks", 1, 256, "threads")] = 1


class Settings(Section):
    """All of them. In a package, an annotator whose section is absent is not part of the pipeline."""

    language: Annotated[
        str,
        Rule(
            "language code, whose tokenizer rules are used where there are some",
            fits=_is_code,
            expected="a code such as en or pt: 2 to 20 of a-z, A-Z, 0-9 and '-'",
        ),
    ] = "en"
    pipeline: Annotated[list[str], names("annotators to teach; none: all that the data can", ANNOTATORS)] = (
        field(default_factory=list)
    )
    features: FeatureSettings = field(default_factory=FeatureSettings)
    encoder: EncoderSettings = field(default_factory=EncoderSettings)
    transformer: TransformerSettings | None = None
    tagger: TaggerSettings | None = None
    morphologizer: MorphologizerSettings | None = None
    lemmatizer: LemmatizerSettings | None = None
    senter: SenterSettings | None = None
    parser: ParserSettings | None = None
    ner: EntitySettings | None = None
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def annotators(self) -> list[str]:
        """Names of the annotators that the settings ask for, in pipeline order."""
        return [name for name in ANNOTATORS if getattr(self, name) is not None]


ANNOTATION_SETTINGS: tuple[str, ...] = (
    "encoder.precision",
    "lemmatizer.candidates",
    "senter.start_above",
    "senter.join_below",
    "parser.beam_width",
    "ner.beam_width",
)
"""Those that a taught pipeline may be loaded with another value of."""

TEACHING_SETTINGS: tuple[str, ...] = (
    *(f"{name}.label_smoothing" for name in ("tagger", "morphologizer", "lemmatizer")),
    *("lemmatizer.min_tree_frequency", "senter.dropout", "senter.loss_weight"),
    *(f"parser.{name}" for name in ("given_starts", "supertag")),
    *(
        f"{name}.{setting}"
        for name in ("parser", "ner")
        for setting in ("exploration", "exploration_start", "normalize_over", "dropout", "global_updates")
    ),
    "ner.entity_weight",
    *(f"transformer.{name}" for name in ("window", "learning_rate", "warmup", "precision")),
)
"""Those of network and annotators that matter while they are taught, and to nothing that is shipped."""


LATER_SETTINGS: dict[str, object] = {"encoder.vector_rows": 0}
"""Settings that earlier structures do not name, with what held then: structures leave that out."""


def structure_settings(settings: Settings) -> dict[str, object]:
    """All that shape the network, by `section.name`: what is not named above, nor of training, does."""
    passing = frozenset((*ANNOTATION_SETTINGS, *TEACHING_SETTINGS))
    found: dict[str, object] = {}
    for name in Settings.section_fields:
        section = getattr(settings, name)
        if isinstance(section, Section) and name != "training":
            found.update((f"{name}.{key}", value) for key, value in section.to_dict().items())
    return {
        path: value
        for path, value in found.items()
        if path not in passing and (path not in LATER_SETTINGS or value != LATER_SETTINGS[path])
    }


def all_fields() -> list[tuple[str, Field]]:
    """Every hyper-parameter with the section it stands in, "" for those of none, in the order of the file."""
    found = []
    for each in Settings.section_fields.values():
        section = each.section()
        inner = [each] if section is None else section.section_fields.values()
        found += [("" if section is None else each.name, field) for field in inner]
    return found
