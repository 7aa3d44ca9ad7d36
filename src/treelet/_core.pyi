from collections.abc import Sequence
from typing import Annotated, Any

import numpy
from numpy.typing import NDArray


class Doc:
    def __init__(self) -> None: ...

    def __len__(self) -> int: ...

    def copy(self) -> Doc: ...

    def bare(self, sentences: bool) -> Doc: ...

    @staticmethod
    def from_tokens(leading: str, surfaces: list[str], words: list[list[str]], whitespace: list[str]) -> Doc: ...

    @staticmethod
    def from_offsets(text: str, starts: Sequence[int], ends: Sequence[int], parts: Sequence[int], forms: Sequence[str | None]) -> Doc: ...

    def add_token(self, surface: str, words: Sequence[str], whitespace: str) -> None: ...

    @property
    def text(self) -> str: ...

    def leading_whitespace(self) -> str: ...

    def surface(self, word: int) -> str: ...

    def word(self, word: int) -> str: ...

    def whitespace(self, word: int) -> str: ...

    def part(self, word: int) -> int: ...

    def has_form(self, word: int) -> bool: ...

    def surface_column(self) -> list[str]: ...

    def word_column(self) -> list[str]: ...

    def whitespace_column(self) -> list[str]: ...

    def part_column(self) -> list[int]: ...

    def sentence_starts(self) -> list[int]:
        """The first word of each sentence; one sentence where none are known."""

    def entity_spans(self) -> list[tuple[int, int, str]]:
        """First word, end (not included) and type."""

    def char_starts(self) -> list[int]: ...

    def char_ends(self) -> list[int]: ...

    def head_probability(self, word: int) -> float | None: ...

    def head_probability_column(self) -> list[float | None]: ...

    def set_head_probability_column(self, values: Sequence[float | None] | None) -> None: ...

    def has_head_probability(self) -> bool: ...

    def deprel_probability(self, word: int) -> float | None: ...

    def deprel_probability_column(self) -> list[float | None]: ...

    def set_deprel_probability_column(self, values: Sequence[float | None] | None) -> None: ...

    def has_deprel_probability(self) -> bool: ...

    def ent_probability(self, word: int) -> float | None: ...

    def ent_probability_column(self) -> list[float | None]: ...

    def set_ent_probability_column(self, values: Sequence[float | None] | None) -> None: ...

    def has_ent_probability(self) -> bool: ...

    def upos(self, word: int) -> str | None: ...

    def set_upos(self, word: int, label: str | None) -> None: ...

    def upos_column(self) -> list[str | None]: ...

    def set_upos_column(self, labels: Sequence[str | None] | None) -> None: ...

    def upos_ids(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,))]: ...

    def upos_labels(self) -> list[str]: ...

    def set_upos_ids(self, ids: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: object) -> None: ...

    def has_upos(self) -> bool: ...

    def xpos(self, word: int) -> str | None: ...

    def set_xpos(self, word: int, label: str | None) -> None: ...

    def xpos_column(self) -> list[str | None]: ...

    def set_xpos_column(self, labels: Sequence[str | None] | None) -> None: ...

    def xpos_ids(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,))]: ...

    def xpos_labels(self) -> list[str]: ...

    def set_xpos_ids(self, ids: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: object) -> None: ...

    def has_xpos(self) -> bool: ...

    def feats(self, word: int) -> str | None: ...

    def set_feats(self, word: int, label: str | None) -> None: ...

    def feats_column(self) -> list[str | None]: ...

    def set_feats_column(self, labels: Sequence[str | None] | None) -> None: ...

    def feats_ids(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,))]: ...

    def feats_labels(self) -> list[str]: ...

    def set_feats_ids(self, ids: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: object) -> None: ...

    def has_feats(self) -> bool: ...

    def deprel(self, word: int) -> str | None: ...

    def set_deprel(self, word: int, label: str | None) -> None: ...

    def deprel_column(self) -> list[str | None]: ...

    def set_deprel_column(self, labels: Sequence[str | None] | None) -> None: ...

    def deprel_ids(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,))]: ...

    def deprel_labels(self) -> list[str]: ...

    def set_deprel_ids(self, ids: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: object) -> None: ...

    def has_deprel(self) -> bool: ...

    def ent_type(self, word: int) -> str | None: ...

    def set_ent_type(self, word: int, label: str | None) -> None: ...

    def ent_type_column(self) -> list[str | None]: ...

    def set_ent_type_column(self, labels: Sequence[str | None] | None) -> None: ...

    def ent_type_ids(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,))]: ...

    def ent_type_labels(self) -> list[str]: ...

    def set_ent_type_ids(self, ids: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: object) -> None: ...

    def has_ent_type(self) -> bool: ...

    def head(self, word: int) -> int: ...

    def set_head(self, word: int, value: int) -> None: ...

    def head_column(self) -> list[int]: ...

    def set_head_column(self, values: Sequence[int] | None) -> None: ...

    def has_head(self) -> bool: ...

    def sent_start(self, word: int) -> int: ...

    def set_sent_start(self, word: int, value: int) -> None: ...

    def sent_start_column(self) -> list[int]: ...

    def set_sent_start_column(self, values: Sequence[int] | None) -> None: ...

    def has_sent_start(self) -> bool: ...

    def iob(self, word: int) -> int: ...

    def set_iob(self, word: int, value: int) -> None: ...

    def iob_column(self) -> list[int]: ...

    def set_iob_column(self, values: Sequence[int] | None) -> None: ...

    def has_iob(self) -> bool: ...

    def heads(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,))]: ...

    def sent_starts(self) -> Annotated[NDArray[numpy.int8], dict(shape=(None,))]: ...

    def iobs(self) -> Annotated[NDArray[numpy.uint8], dict(shape=(None,))]: ...

    def lemma(self, word: int) -> str | None: ...

    def set_lemma(self, word: int, lemma: str | None) -> None: ...

    def lemma_column(self) -> list[str | None]: ...

    def set_lemma_column(self, lemmas: Sequence[str | None] | None) -> None: ...

    def has_lemma(self) -> bool: ...

def conllu_text(doc: Doc, opening: str, sent_id: str, first_sentence: int, entity_key: str) -> str: ...

def conllu_bytes(doc: Doc, opening: str, sent_id: str, first_sentence: int, entity_key: str) -> bytes:
    """The same as UTF-8, lone surrogates as escapes."""

def json_text(doc: Doc, probabilities: bool, more: str) -> str:
    """
    One line with its line feed. more: members after the last, as JSON, each after ', '.
    """

def json_bytes(doc: Doc, probabilities: bool, more: str) -> bytes:
    """The same as UTF-8."""

class FeatureSettings:
    """What is read off a word before it is hashed; lengths in characters."""

    def __init__(self, prefix_lengths: Sequence[int] = [1, 3], suffix_lengths: Sequence[int] = [2, 3, 4], shape_run: int = 4) -> None: ...

def gap_row_names() -> list[str]:
    """Names of the rows of the table of gaps, `group=value`."""

def gap_rows(doc: Doc) -> Annotated[NDArray[numpy.int32], dict(shape=(None, 6))]:
    """
    Rows of the gap before every word, int32 (words, groups), -1 for none; -1 throughout where no sentence can start anew: before the first word and inside multi-word tokens.
    """

def feature_rows(doc: Doc, features: FeatureSettings, rows: Sequence[int]) -> Annotated[NDArray[numpy.int32], dict(shape=(None, None, 4))]:
    """
    Embedding rows of every word: int32 (words, tables, 4 hashes); `rows` is how many each table has.
    """

def word_types(docs: list[Doc], spans: Sequence[tuple[int, int]], features: FeatureSettings, rows: Sequence[int]) -> tuple[Annotated[NDArray[numpy.int32], dict(shape=(None,))], Annotated[NDArray[numpy.int32], dict(shape=(None, None, 4))], Annotated[NDArray[numpy.uint64], dict(shape=(None,))]]:
    """
    Distinct words in spans (begin, end) of some documents: int32 (words,) which of them each word is; their rows, int32 (types, tables, 4 hashes); the hashes of their norms, uint64 (types,).
    """

def norm_hashes(words: Sequence[str]) -> Annotated[NDArray[numpy.uint64], dict(shape=(None,))]:
    """
    Hash of the norm of every word, uint64 (words,): the keys of static vectors.
    """

def feature_strings(form: str, features: FeatureSettings) -> list[str]:
    """The strings that are hashed, one a table."""

class Weights:
    def __init__(self) -> None: ...

    def add(self, name: str, dtype: str, shape: Sequence[int], buffer: object, keep: bool = False) -> None:
        """
        keep: bytes (I8) stay where they are, and the buffer lives as long as anything made of them.
        """

    def add_steps(self, name: str, buffer: object) -> None: ...

    def add_keys(self, name: str, buffer: object) -> None: ...

    def names(self) -> list[str]: ...

class EncoderSettings:
    def __init__(self, width: int, depth: int, window: int, pieces: int, dilations: Sequence[int], rows: Sequence[int], features: FeatureSettings, vector_words: int = 0, vector_length: int = 0, recurrent_layers: int = 0, recurrent_units: int = 0, vector_rows: int = 0) -> None: ...

class Encoder:
    def __init__(self, settings: EncoderSettings, weights: Weights, precision: str = 'fp32') -> None: ...

    def encode(self, doc: Doc, cache_types: int = 4096) -> Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C')]: ...

def kernel_name() -> str: ...

def fast_bytes() -> bool:
    """Whether this processor multiplies bytes faster than floats."""

def sum_exp(values: Sequence[float], singles: int, middle: int, top: float) -> list[float]: ...

def choose(scores: Sequence[float], allowed: Sequence[bool]) -> int: ...

def affine(weights: Weights, name: str, rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C')], precision: str = 'fp32') -> Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C')]: ...

def maxout_norm(weights: Weights, name: str, rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C')], precision: str = 'fp32') -> Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C')]: ...

def score_state(weights: Weights, name: str, vectors: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C')], tokens: Sequence[int], hidden: int, precision: str = 'fp32') -> list[float]: ...

def edit_tree(form: str, lemma: str) -> str: ...

def apply_edit_tree(label: str, form: str) -> str | None: ...

def maxout_forward(x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], best: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], which: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    x (n, pieces · width), piece-major, into best and which (n, width): the maximum and the piece that reached it.
    """

def maxout_backward(gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], which: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """Gradient of the maximum (n, width) into out (n, pieces · width)."""

def maxout_norm_forward(x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], residual: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)] | None, bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], gain: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], shift: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], drop: tuple[int, int], which: Annotated[NDArray[numpy.uint8], dict(shape=(None, None), order='C', device='cpu')], normal: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], scale: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')], out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    residual + drop(gain · LayerNorm(max over pieces of x + bias) + shift) into out (n, width); drop: seed, and how many of 256 are dropped. which, normal (n, width) and scale (n) are kept for the way back.
    """

def maxout_norm_backward(gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], gain: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], drop: tuple[int, int], which: Annotated[NDArray[numpy.uint8], dict(shape=(None, None), order='C', device='cpu')], normal: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], scale: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')], x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')], gain_out: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')], shift: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')]) -> None:
    """
    The gradient of the output into that of x, overwritten, and of bias, gain and shift, added to. Uses up normal.
    """

def scans_forward(x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], gates: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], first: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)], forget: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], joined: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    Each word, its sums ahead and its sums back into joined (n, width + 2 · units), from gates (n, 4 · units).
    """

def scans_backward(gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], gates: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], first: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)], forget: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], joined: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], gates_out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], bias_out: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')]) -> None:
    """
    The gradient of joined into that of gates, overwritten, and of bias, added to.
    """

def window_forward(x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], documents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], dilation: int, out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    The neighbours of each word (n, width), left to right, into out; zeros past the ends of its document.
    """

def window_backward(gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], documents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], dilation: int, x: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """Adds the gradient of the neighbours to that of the words."""

def look_up_forward(rows: Annotated[NDArray[numpy.int64], dict(shape=(None, None, None), order='C', device='cpu', writable=False)], table: int, values: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    The sum of the rows of a table that each type chose, into its part of out (types, tables · width).
    """

def look_up_backward(gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], rows: Annotated[NDArray[numpy.int64], dict(shape=(None, None, None), order='C', device='cpu', writable=False)], table: int, out: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """Adds the gradient of the sums to the rows of a table (rows, width)."""

def states_forward(rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], positions: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], padding: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], drop: tuple[int, int], which: Annotated[NDArray[numpy.uint8], dict(shape=(None, None), order='C', device='cpu')], hidden: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    drop(max over pieces of bias + the rows that a state names) into hidden (states, hidden); which is kept for the way back. rows (tokens, features · wide); a position outside them is padding.
    """

def states_backward(gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], positions: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], which: Annotated[NDArray[numpy.uint8], dict(shape=(None, None), order='C', device='cpu', writable=False)], drop: tuple[int, int], rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], padding: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')]) -> None:
    """
    Adds the gradient of the hidden units to those of rows, padding and bias. Rows may be (pairs, wide): positions then name pairs.
    """

def name_pairs(positions: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], n_tokens: int) -> tuple[Annotated[NDArray[numpy.int64], dict(shape=(None,))], list[int], Annotated[NDArray[numpy.int32], dict(shape=(None,))]]:
    """
    The tokens that positions (states, features) name at each feature, once each, feature by feature; where each feature begins; and, flat, which of these pairs a state names, -1 for none.
    """

def label_loss(scores: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], smoothing: float, bias_out: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')]) -> float:
    """
    Sum of the cross-entropies of scores + bias (tokens, labels), which their gradient replaces; that of bias is added to bias_out. Label -1 counts nothing.
    """

def action_loss(scores: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], counted: Annotated[NDArray[numpy.uint8], dict(shape=(None, None), order='C', device='cpu', writable=False)] | None, right: Annotated[NDArray[numpy.uint8], dict(shape=(None, None), order='C', device='cpu', writable=False)], weights: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, bias_out: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')]) -> float:
    """
    Sum over states of -log of the share of the right actions among the counted (all when None); the gradient replaces scores (states, actions), that of bias is added to bias_out.
    """

class Adam:
    """
    Adam with decoupled weight decay and a running average, on arrays of PyTorch.
    """

    def __init__(self) -> None: ...

    def add(self, value: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], average: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')] | None, table: bool) -> None:
        """
        One parameter more. The rows of a table may lag behind until look_up() or catch_up().
        """

    def look_up(self, table: int, rows: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> None:
        """
        Brings rows of a table up to date; the gradients of the next step are zero elsewhere.
        """

    def step(self, gradients: Sequence[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')] | None], rate: float, weight_decay: float, blend: float, clip: float) -> float:
        """
        One step; None leaves a parameter as it is. Gradients of tables are set to zero. Returns the norm of all.
        """

    def catch_up(self) -> None:
        """Brings all rows of all tables up to date."""

    def freeze(self, parameter: int, frozen: bool) -> None:
        """Whether steps leave a parameter, and its average, as they are."""

    def copy_memory(self, parameter: int, first: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')], second: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu')]) -> None:
        """
        Writes the first and second moments of a parameter into arrays of as many numbers.
        """

    def steps_made(self, parameter: int) -> int:
        """Steps that made the moments of a parameter."""

    def remember(self, parameter: int, first: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], second: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], steps: int) -> None:
        """Takes over the moments of a parameter, and the steps that made them."""

class Tokenizer:
    def __init__(self, rules_json: str) -> None: ...

    @property
    def rules_json(self) -> str: ...

    def tokenize(self, text: str) -> Doc:
        """The words of a text, with their places and forms."""

    def tokenize_batch(self, texts: list[str]) -> list[Doc]:
        """The same for every text of a list."""

    def tokenize_uncached(self, text: str, cached_chunks: int = 0) -> Doc:
        """With scratch of its own: for tests that compare."""

    def tokens(self, text: str) -> list[tuple[str, list[str], str]]:
        """The surface tokens of a text: (surface, words, white space behind it)."""

    def explain(self, text: str) -> list[tuple[str, str]]:
        """For every word, the rule that made it and its surface."""

class ArcEager:
    def __init__(self, left_labels: Sequence[str], right_labels: Sequence[str], features: Sequence[str], non_monotonic: bool = True) -> None: ...

    @property
    def actions(self) -> list[str]: ...

    @property
    def labels(self) -> list[str]: ...

    @property
    def features(self) -> list[str]: ...

    @property
    def n_actions(self) -> int: ...

    @property
    def non_monotonic(self) -> bool: ...

class ParseWalk:
    def __init__(self, system: ArcEager, n_words: int, presets: Sequence[int] | None = None) -> None: ...

    def teach(self, heads: Sequence[int], deprels: Sequence[int], sent_starts: Sequence[int]) -> None: ...

    def copy(self) -> ParseWalk: ...

    def valid(self) -> list[bool]: ...

    def costs(self) -> list[tuple[int, int] | None]: ...

    def gold(self) -> list[int]: ...

    def apply(self, action: int) -> None: ...

    def is_final(self) -> bool: ...

    def key(self) -> bytes: ...

    def words(self) -> list[int]: ...

    def stack(self) -> list[int]: ...

    def buffer(self) -> list[int]: ...

    def heads(self) -> list[int]: ...

    def deprels(self) -> list[int]: ...

    def sent_starts(self) -> list[int]: ...

class EntityMoves:
    def __init__(self, labels: Sequence[str], features: Sequence[str]) -> None: ...

    @property
    def actions(self) -> list[str]: ...

    @property
    def labels(self) -> list[str]: ...

    @property
    def features(self) -> list[str]: ...

    @property
    def n_actions(self) -> int: ...

class EntityWalk:
    def __init__(self, system: EntityMoves, n_words: int, iob: Sequence[int] | None = None, labels: Sequence[int] | None = None, sent_starts: Sequence[int] | None = None, blank: Sequence[int] | None = None) -> None: ...

    def teach(self, iob: Sequence[int], labels: Sequence[int], wrong: Sequence[Sequence[int]] | None = None) -> None: ...

    def copy(self) -> EntityWalk: ...

    def valid(self) -> list[bool]: ...

    def costs(self) -> list[int | None]: ...

    def gold(self) -> list[int]: ...

    def apply(self, action: int) -> None: ...

    def is_final(self) -> bool: ...

    def words(self) -> list[int]: ...

    def iob(self) -> list[int]: ...

    def labels(self) -> list[int]: ...

def projectivize(heads: Sequence[int], deprels: Sequence[str], scheme: str = 'head') -> tuple[list[int], list[str]]: ...

def deprojectivize(heads: Sequence[int], deprels: Sequence[str], scheme: str = 'head') -> tuple[list[int], list[str]]: ...

def nonprojective_words(heads: Sequence[int]) -> list[int]: ...

def roll_parser(system: ArcEager, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, lengths: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], heads: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], deprels: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], sent_starts: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)], exploration: float, seed: int, n_threads: int = 1, presets: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None) -> tuple[Annotated[NDArray[numpy.int32], dict(shape=(None, None))], Annotated[NDArray[numpy.uint8], dict(shape=(None, None))], Annotated[NDArray[numpy.uint8], dict(shape=(None, None))]]: ...

def roll_entities(system: EntityMoves, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, lengths: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], iob: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], exploration: float, seed: int, n_threads: int = 1, sent_starts: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None, wrong: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)] | None = None) -> tuple[Annotated[NDArray[numpy.int32], dict(shape=(None, None))], Annotated[NDArray[numpy.uint8], dict(shape=(None, None))], Annotated[NDArray[numpy.uint8], dict(shape=(None, None))]]: ...

def walk_parser(system: ArcEager, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], presets: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None, scheme: str = 'head', beam_width: int = 1) -> tuple[list[int], list[str], list[int]]: ...

def walk_entities(system: EntityMoves, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], iob: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None, labels: Sequence[str] | None = None, beam_width: int = 1) -> tuple[list[int], list[str]]: ...

def beam_parser(system: ArcEager, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, lengths: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], heads: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], deprels: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], sent_starts: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)], exploration: float, seed: int, n_threads: int, width: int) -> tuple[Annotated[NDArray[numpy.int32], dict(shape=(None, None))], Annotated[NDArray[numpy.uint8], dict(shape=(None, None))], Annotated[NDArray[numpy.int32], dict(shape=(None, None))], Annotated[NDArray[numpy.int32], dict(shape=(None, None))]]: ...

def beam_entities(system: EntityMoves, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, lengths: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], iob: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)], labels: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], exploration: float, seed: int, n_threads: int, width: int) -> tuple[Annotated[NDArray[numpy.int32], dict(shape=(None, None))], Annotated[NDArray[numpy.uint8], dict(shape=(None, None))], Annotated[NDArray[numpy.int32], dict(shape=(None, None))], Annotated[NDArray[numpy.int32], dict(shape=(None, None))]]: ...

def search_parser(system: ArcEager, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], width: int, presets: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None) -> list[tuple[int, float]]: ...

def search_entities(system: EntityMoves, layers: tuple[Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], hidden: int, pieces: int, rows: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], width: int, sent_starts: Annotated[NDArray[numpy.int8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None) -> list[tuple[int, float]]: ...

class PipelineParts:
    def __init__(self, tokenizer: Tokenizer, encoder: EncoderSettings, weights: Weights, precision: str = 'fp32') -> None: ...

    def add_tagger(self, labels: list, weights: Weights) -> None: ...

    def add_morphologizer(self, upos: list, feats: list, weights: Weights) -> None: ...

    def add_lemmatizer(self, trees: list, candidates: int, weights: Weights) -> None: ...

    def add_senter(self, hidden: int, pieces: int, start_above: float, join_below: float, weights: Weights) -> None: ...

    def add_parser(self, system: ArcEager, hidden: int, pieces: int, weights: Weights, lifting: str = 'head', beam_width: int = 1) -> None: ...

    def add_ner(self, system: EntityMoves, hidden: int, pieces: int, weights: Weights, beam_width: int = 1) -> None: ...

def segment_ends(doc: Doc, most: int = 1024) -> list[int]:
    """Ends of the pieces in which parser and recognizer walk a document."""

class Pipeline:
    def __init__(self, parts: PipelineParts) -> None:
        """Takes the parts, which cannot be used again."""

    def tokenize(self, text: str) -> Doc: ...

    def annotate(self, text: str, enabled: Sequence[str]) -> Doc: ...

    def annotate_all(self, texts: list[str], enabled: Sequence[str]) -> list[Doc]:
        """
        Documents in the order of the texts, on this thread (for others see Stream). Where a text fails, those before it, if there are any.
        """

    def annotate_with_evidence(self, doc: Doc, enabled: Sequence[str]) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C')], Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C')]]:
        """
        In place, as annotate_doc. What the walks knew: (words, 5) side, arc, weakest, label, log_distance; (entities, 4) first, last, all, log_length.
        """

    def annotate_doc(self, doc: Doc, enabled: Sequence[str]) -> None:
        """In place; words are given."""

    def trace(self, doc: Doc, annotator: str, most: int) -> list[tuple[int, int, list[int], list[tuple[int, list[tuple[int, float, float]]]]]]:
        """
        Annotates in place with the parser or the recognizer alone, and tells its steps by segment.
        """

class SegmentWalk:
    """A document whose words are encoded elsewhere, segment by segment."""

    def __init__(self, pipeline: Pipeline, doc: Doc, enabled: Sequence[str]) -> None: ...

    def ends(self) -> list[int]:
        """Ends of the segments, in words; none where nothing is to be annotated."""

    def annotate(self, vectors: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], parser: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)] | None = None, ner: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)] | None = None) -> None:
        """
        The next segment, from token vectors, float32 (words, width), and rows of the lower layers, float32 (words, features * pieces * hidden); the core makes rows that are not given.
        """

    def evidence(self) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C')], Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C')]]:
        """
        What the walks knew so far: (words, 5) side, arc, weakest, label, log_distance; (entities, 4) first, last, all, log_length.
        """

    def finish(self, doc: Doc) -> None:
        """Writes the annotations to the document that was copied."""

class Stream:
    def __init__(self, pipeline: Pipeline, enabled: Sequence[str], n_threads: int) -> None: ...

    def push(self, item: str | Doc) -> None:
        """
        A text, or a document whose words are given: threads begin with it as soon as they can.
        """

    def take(self) -> list[Doc]:
        """
        Waits for the next documents, in the order in which they were pushed; a Doc that was pushed comes back itself, annotated.
        """

    @property
    def n_done(self) -> int:
        """Documents that can be taken without waiting."""

    def close(self) -> None:
        """Joins the threads; to be called once it is not needed."""

def read_json(text: str) -> Any:
    """
    The value of a JSON document. Raises FormatError where it is none, nests deeper than 200, names a member twice or holds more than 1,000,000 values.
    """
