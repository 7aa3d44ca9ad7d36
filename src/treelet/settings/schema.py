"""Every hyper-parameter: name, type, default, allowed range, unit and one line of meaning.

The sections below are the one source. The TOML file, its checks and the tables shown to people are made
from them.
"""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
from treelet.settings.section import Annotated, Rule, Section, field


def _number(meaning: str, low: float, high: float, unit: str = "") -> Rule:
    return Rule(meaning, low=low, high=high, unit=unit)


def _text(meaning: str) -> Rule:
    return Rule(meaning)


def _choice(meaning: str, *names: str) -> Rule:
    shown = ", ".join(names)
    return Rule(f"{meaning}: {shown}", fits=names.__contains__, expected=f"one of {shown}")


def _flag(meaning: str) -> Rule:
    return Rule(meaning)


def _repeated(numbers: list[int], count: int) -> list[int]:
    """The first `count` of the numbers, the last of them again and again."""
    return [numbers[min(i, len(numbers) - 1)] for i in range(count)]


class FeatureSettings(Section):
    """What is read off a word before it is hashed; every string has a table of its own."""

    prefix_lengths: Annotated[
        list[int], _text("first characters of the lower-cased word, 1 to 8, a table each; may be empty")
    ] = field(
        default_factory=lambda: [1, 3]
    )
    suffix_lengths: Annotated[
        list[int], _text("last characters of the lower-cased word, 1 to 8, a table each; may be empty")
    ] = field(
        default_factory=lambda: [2, 3, 4]
    )
    shape_run: Annotated[int, _number("longest run of one class kept in SHAPE", 1, 16, "characters")] = 4

    def tables(self) -> list[str]:
        """Names of the hash tables in their order: norm, prefix1, ..., suffix2, ..., shape."""
        prefixes = [f"prefix{length}" for length in self.prefix_lengths]
        return ["norm", *prefixes, *(f"suffix{length}" for length in self.suffix_lengths), "shape"]


class EncoderSettings(Section):
    """Hash embeddings, the layer that mixes them, and the maxout convolutions that all annotators share."""

    width: Annotated[int, _number("length of every token vector", 8, 1024, "numbers")] = 96
    depth: Annotated[int, _number("convolution layers", 0, 16, "layers")] = 1
    window: Annotated[int, _number("neighbours seen on each side by one layer", 1, 4, "tokens")] = 1
    pieces: Annotated[int, _number("linear pieces of each maxout unit", 1, 8, "pieces")] = 3
    dilation: Annotated[
        list[int], _text("distance between neighbours, a number a layer; the last repeats")
    ] = field(
        default_factory=lambda: [1]
    )
    recurrent_layers: Annotated[int, _number("recurrent layers after the convolutions", 0, 16, "layers")] = 3
    recurrent_units: Annotated[
        int, _number("numbers that a recurrent layer sums up in each direction", 1, 1024, "numbers")
    ] = 48
    rows_norm: Annotated[int, _number("rows of the NORM table", 1, 1_000_000, "rows")] = 5000
    rows_prefix: Annotated[
        list[int], _text("rows of the PREFIX tables, a number a length; the last repeats")
    ] = field(
        default_factory=lambda: [250, 1500]
    )
    rows_suffix: Annotated[
        list[int], _text("rows of the SUFFIX tables, a number a length; the last repeats")
    ] = field(
        default_factory=lambda: [500, 2500, 2500]
    )
    rows_shape: Annotated[int, _number("rows of the SHAPE table", 1, 1_000_000, "rows")] = 500

    vector_words: Annotated[int, _number("words with a static vector; 0 is none", 0, 10_000_000, "words")] = 0
    vector_length: Annotated[int, _number("length of a static vector; 0 is none", 0, 4096, "numbers")] = 0
    precision: Annotated[
        str,
        _choice(
            "numbers multiplied in annotating; auto is int8 where the processor is faster with it",
            "auto",
            "fp32",
            "int8",
        ),
    ] = "auto"

    def dilations(self) -> list[int]:
        """One dilation a layer: (depth,)."""
        return _repeated(self.dilation, self.depth)

    def rows(self, features: FeatureSettings) -> list[int]:
        """Rows of every hash table, in the order of `features.tables()`."""
        prefixes = _repeated(self.rows_prefix, len(features.prefix_lengths))
        suffixes = _repeated(self.rows_suffix, len(features.suffix_lengths))
        return [self.rows_norm, *prefixes, *suffixes, self.rows_shape]


class TaggerSettings(Section):
    """XPOS: one affine layer."""

    label_smoothing: Annotated[float, _number("probability spread over the other labels", 0.0, 0.5)] = 0.0


class MorphologizerSettings(Section):
    """UPOS and FEATS: one affine layer each."""

    label_smoothing: Annotated[float, _number("probability spread over the other labels", 0.0, 0.5)] = 0.0


class LemmatizerSettings(Section):
    """Edit trees as labels: one affine layer."""

    min_tree_frequency: Annotated[
        int, _number("uses a tree needs in training to be a label", 1, 1000, "words")
    ] = 2
    candidates: Annotated[int, _number("best trees tried before the form is kept", 1, 32, "trees")] = 3
    label_smoothing: Annotated[float, _number("probability spread over the other labels", 0.0, 0.5)] = 0.0


class SenterSettings(Section):
    """Sentence starts: a small layer over the words on both sides of a gap, and a table of what is in it.

    With a parser, what is beyond the thresholds binds it, and its Break decides the rest; alone it decides
    at even odds.
    """

    hidden: Annotated[int, _number("hidden units of a gap", 1, 1024, "units")] = 16
    pieces: Annotated[int, _number("linear pieces of each hidden unit", 1, 8, "pieces")] = 2
    start_above: Annotated[
        float, _number("probability from which a sentence must start; 1 leaves it to Break", 0.5, 1.0)
    ] = 0.5
    join_below: Annotated[
        float, _number("probability below which none may start; 0 leaves it to Break", 0.0, 0.5)
    ] = 0.5
    dropout: Annotated[float, _number("share of hidden units dropped in training", 0.0, 0.9)] = 0.0
    loss_weight: Annotated[float, _number("weight of its loss beside the others", 0.01, 100.0)] = 1.0


class ParserSettings(Section):
    """Arc-eager with Break: what a state shows the network, and how the oracle teaches it."""

    features: Annotated[
        list[str], _text("'8', '13', 'all', or names of positions such as 'S0', 'S0.left1'")
    ] = field(
        default_factory=lambda: ["13"]
    )
    hidden: Annotated[int, _number("hidden units of a state", 4, 1024, "units")] = 64
    pieces: Annotated[int, _number("linear pieces of each hidden unit", 1, 8, "pieces")] = 2
    non_monotonic: Annotated[bool, _flag("let later actions repair earlier ones")] = True
    lifting: Annotated[
        str, _choice("what labels remember of crossing arcs", "head", "path", "head+path")
    ] = "head"
    exploration: Annotated[float, _number("share of states left by the network's own action", 0.0, 1.0)] = 0.5
    exploration_start: Annotated[
        float, _number("passes by right actions alone before that", 0.0, 10_000, "passes")
    ] = 0.0
    normalize_over: Annotated[
        str, _choice("actions that share the probability in the loss", "valid", "all")
    ] = "valid"
    dropout: Annotated[float, _number("share of hidden units dropped in training", 0.0, 0.9)] = 0.2
    beam_width: Annotated[
        int, _number("histories weighed at once in annotation; 1 is greedy", 1, 1024, "candidates")
    ] = 1
    global_updates: Annotated[
        float, _number("share of batches that teach whole histories of a beam, not single actions", 0.0, 1.0)
    ] = 0.0
    given_starts: Annotated[
        float, _number("share of documents that training walks with their sentence starts given", 0.0, 1.0)
    ] = 0.0
    supertag: Annotated[bool, _flag("teach the encoder joint UPOS, FEATS and DEPREL labels besides")] = True


class EntitySettings(Section):
    """BILUO: what a state shows the network, and how the oracle teaches it."""

    features: Annotated[
        list[str], _text("'3', '6', 'all', or names of positions such as 'B0', 'E0'")
    ] = field(
        default_factory=lambda: ["6"]
    )
    hidden: Annotated[int, _number("hidden units of a state", 4, 1024, "units")] = 64
    pieces: Annotated[int, _number("linear pieces of each hidden unit", 1, 8, "pieces")] = 2
    exploration: Annotated[float, _number("share of states left by the network's own action", 0.0, 1.0)] = 0.5
    exploration_start: Annotated[
        float, _number("passes by right actions alone before that", 0.0, 10_000, "passes")
    ] = 0.0
    normalize_over: Annotated[
        str, _choice("actions that share the probability in the loss", "valid", "all")
    ] = "valid"
    entity_weight: Annotated[
        float, _number("weight of states where an entity starts or goes on; more finds more", 0.1, 100.0)
    ] = 1.0
    beam_width: Annotated[
        int, _number("histories weighed at once in annotation; 1 is greedy", 1, 1024, "candidates")
    ] = 1
    global_updates: Annotated[
        float, _number("share of batches that teach whole histories of a beam, not single actions", 0.0, 1.0)
    ] = 0.0
    dropout: Annotated[float, _number("share of hidden units dropped in training", 0.0, 0.9)] = 0.1


class TrainingSettings(Section):
    """How parameters are updated, and when teaching ends."""

    seed: Annotated[int, _number("fixes every random choice", 0, 2**31 - 1)] = 0
    dropout: Annotated[float, _number("share of encoder outputs dropped", 0.0, 0.9)] = 0.2
    word_dropout: Annotated[
        float, _number("share of word types whose NORM is hidden in a batch", 0.0, 0.9)
    ] = 0.0
    learning_rate: Annotated[float, _number("step size of Adam", 1e-6, 1.0)] = 0.004
    final_rate: Annotated[float, _number("share of the learning rate left at the last pass", 0.0, 1.0)] = 0.05
    weight_decay: Annotated[
        float, _number("decoupled decay of weights per step, times the learning rate", 0.0, 1.0)
    ] = 0.01
    gradient_clip: Annotated[float, _number("largest norm of a gradient", 0.0, 1000.0)] = 1.0
    batch_start: Annotated[int, _number("words in the first batches", 1, 1_000_000, "words")] = 200
    batch_stop: Annotated[int, _number("words in the last batches", 1, 1_000_000, "words")] = 1000
    batch_growth: Annotated[float, _number("growth of a batch from step to step", 1.0, 2.0)] = 1.002
    most_words: Annotated[
        int, _number("longest document taught in one piece; 0: any", 0, 1_000_000, "words")
    ] = 500
    average: Annotated[
        float, _number("decay of the averaged parameters; 0 keeps the last", 0.0, 0.99999)
    ] = 0.999
    epochs: Annotated[int, _number("passes over the data at most", 1, 10_000, "passes")] = 16
    patience: Annotated[int, _number("evaluations without a better score before teaching ends", 1, 1000)] = 8
    rehearsal: Annotated[
        float, _number("raw text rehearsed beside each word taught, with --base", 0.0, 1000.0, "words")
    ] = 1.0
    stored: Annotated[
        str, _choice("numbers of the large matrices in the package that is saved", "int8", "fp16", "fp32")
    ] = "int8"
    threads: Annotated[
        int, _number("threads of the arithmetic; results do not depend on rollout threads", 1, 256)
    ] = 1


class Settings(Section):
    """All of them. In a package, an annotator whose section is absent is not part of the pipeline."""

    language: Annotated[str, _text("language code, such as 'en'; names the data file in languages/")] = "en"
    pipeline: Annotated[list[str], _text("annotators to teach; none named: all that the data can")] = field(
        default_factory=list
    )
    features: FeatureSettings = field(default_factory=FeatureSettings)
    encoder: EncoderSettings = field(default_factory=EncoderSettings)
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


ANNOTATORS: tuple[str, ...] = ("tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner")

ANNOTATION_SETTINGS: tuple[str, ...] = (
    "encoder.precision",
    "lemmatizer.candidates",
    "senter.start_above",
    "senter.join_below",
    "parser.beam_width",
    "ner.beam_width",
)
"""Those that a taught pipeline may be loaded with another value of."""
