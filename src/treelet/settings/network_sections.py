"""What the annotators share: what is read off a word, and the encoder."""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
from treelet.settings.rule import Rule, choice, number, numbers
from treelet.settings.section import Annotated, Section, field


def _lengths(which: str) -> Rule:
    meaning = f"{which} characters of the lower-cased word that have a hash table of their own, a length each"
    return Rule(meaning, low=1, high=8, unit="characters", most=8, distinct=True)


def _rows(kind: str) -> Rule:
    lengths = f"features.{kind.lower()}_lengths"
    meaning = f"rows of the {kind} tables, a number for each of {lengths}; the last repeats"
    return numbers(meaning, 1, 1_000_000, "rows", 0, 8)


def _repeated(numbers: list[int], count: int) -> list[int]:
    """The first `count` of the numbers, the last of them again and again."""
    return [numbers[min(i, len(numbers) - 1)] for i in range(count)]


class FeatureSettings(Section):
    """What is read off a word before it is hashed; every string has a table of its own."""

    prefix_lengths: Annotated[list[int], _lengths("first")] = field(default_factory=lambda: [1, 3])
    suffix_lengths: Annotated[list[int], _lengths("last")] = field(default_factory=lambda: [2, 3, 4])
    shape_run: Annotated[
        int, number("longest run of one class (Xxxx, dddd) kept in SHAPE", 1, 16, "characters")
    ] = 4

    def tables(self) -> list[str]:
        """Names of the hash tables in their order: norm, prefix1, ..., suffix2, ..., shape."""
        prefixes = [f"prefix{length}" for length in self.prefix_lengths]
        return ["norm", *prefixes, *(f"suffix{length}" for length in self.suffix_lengths), "shape"]


class EncoderSettings(Section):
    """Hash embeddings, the layer that mixes them, and the layers over them that all annotators share."""

    width: Annotated[int, number("length of every token vector", 8, 1024, "numbers")] = 96
    depth: Annotated[int, number("convolution layers", 0, 16, "layers")] = 1
    window: Annotated[int, number("neighbours seen on each side by one convolution", 1, 4, "tokens")] = 1
    pieces: Annotated[int, number("linear pieces of each maxout unit", 1, 8, "pieces")] = 3
    dilation: Annotated[
        list[int],
        numbers("distance between neighbours, a number a layer; the last repeats", 1, 1024, "tokens", 1, 16),
    ] = field(default_factory=lambda: [1])
    recurrent_layers: Annotated[int, number("recurrent layers after the convolutions", 0, 16, "layers")] = 3
    recurrent_units: Annotated[
        int, number("numbers that a recurrent layer sums up in each direction", 1, 1024, "numbers")
    ] = 48
    rows_norm: Annotated[
        int, number("rows of the table of NORM, the lower-cased word", 1, 1_000_000, "rows")
    ] = 5000
    rows_prefix: Annotated[list[int], _rows("PREFIX")] = field(default_factory=lambda: [250, 1500])
    rows_suffix: Annotated[list[int], _rows("SUFFIX")] = field(default_factory=lambda: [500, 2500, 2500])
    rows_shape: Annotated[int, number("rows of the SHAPE table", 1, 1_000_000, "rows")] = 500
    vector_words: Annotated[
        int,
        number("first words of the --vectors file that are kept; 0: all, or no file", 0, 10_000_000, "words"),
    ] = 0
    vector_rows: Annotated[
        int,
        number("rows that those words share, rare ones the nearest's; 0: a row each", 0, 65_536, "rows"),
    ] = 0
    vector_length: Annotated[
        int, number("length of a static vector; the --vectors file tells it", 0, 4096, "numbers")
    ] = 0
    precision: Annotated[
        str,
        choice(
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


class TransformerSettings(Section):
    """A pretrained transformer whose vectors join the encoder's: part of a teacher alone."""

    window: Annotated[int, number("sub-tokens that it sees at once", 16, 4096, "sub-tokens")] = 192
    learning_rate: Annotated[float, number("step size of Adam for the transformer", 1e-7, 1.0)] = 1e-4
    warmup: Annotated[float, number("share of all words in which that step size rises", 0.0, 0.9)] = 0.1
    precision: Annotated[str, choice("numbers multiplied in the transformer", "bf16", "fp32")] = "bf16"
