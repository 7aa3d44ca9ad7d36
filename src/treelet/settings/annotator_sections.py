"""What each annotator adds to the network, and how its oracle teaches it."""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
from treelet import _core
from treelet.settings.rule import choice, flag, names, number
from treelet.settings.section import Annotated, Section, field

# An empty label set would be refused: any label will do to ask for the positions.
PARSE_POSITIONS: tuple[str, ...] = ("8", "13", "all", *_core.ArcEager([], ["dep"], ["all"]).features)
ENTITY_POSITIONS: tuple[str, ...] = ("3", "6", "all", *_core.EntityMoves(["X"], ["all"]).features)


class TaggerSettings(Section):
    """XPOS: one affine layer."""

    label_smoothing: Annotated[float, number("probability spread over the other labels", 0.0, 0.5)] = 0.0


class MorphologizerSettings(Section):
    """UPOS and FEATS: one affine layer each."""

    label_smoothing: Annotated[float, number("probability spread over the other labels", 0.0, 0.5)] = 0.0


class LemmatizerSettings(Section):
    """Edit trees as labels: one affine layer."""

    min_tree_frequency: Annotated[
        int, number("uses a tree needs in training to be a label", 1, 1000, "words")
    ] = 2
    candidates: Annotated[int, number("best trees tried before the form is kept", 1, 32, "trees")] = 3
    label_smoothing: Annotated[float, number("probability spread over the other labels", 0.0, 0.5)] = 0.0


class SenterSettings(Section):
    """Sentence starts: a small layer over the words on both sides of a gap, and a table of what is in it.

    With a parser, what is beyond the thresholds binds it, and its Break decides the rest; alone it decides
    at even odds.
    """

    hidden: Annotated[int, number("hidden units of a gap", 1, 1024, "units")] = 16
    pieces: Annotated[int, number("linear pieces of each hidden unit", 1, 8, "pieces")] = 2
    start_above: Annotated[
        float, number("probability from which a sentence must start; 1 leaves it to Break", 0.5, 1.0)
    ] = 0.5
    join_below: Annotated[
        float, number("probability below which none may start; 0 leaves it to Break", 0.0, 0.5)
    ] = 0.5
    dropout: Annotated[float, number("share of hidden units dropped in training", 0.0, 0.9)] = 0.0
    loss_weight: Annotated[float, number("weight of its loss beside the others", 0.01, 100.0)] = 1.0


class ParserSettings(Section):
    """Arc-eager with Break: what a state shows the network, and how the oracle teaches it."""

    features: Annotated[
        list[str],
        names("words of a state shown to the network: sets (8, 13, all) or positions", PARSE_POSITIONS, 1),
    ] = field(default_factory=lambda: ["13"])
    hidden: Annotated[int, number("hidden units of a state", 4, 1024, "units")] = 64
    pieces: Annotated[int, number("linear pieces of each hidden unit", 1, 8, "pieces")] = 2
    non_monotonic: Annotated[bool, flag("let later actions repair earlier ones")] = True
    lifting: Annotated[
        str, choice("what labels remember of crossing arcs", "head", "path", "head+path")
    ] = "head"
    exploration: Annotated[float, number("share of states left by the network's own action", 0.0, 1.0)] = 0.5
    exploration_start: Annotated[
        float, number("passes by right actions alone before exploration", 0, 10_000, "passes")
    ] = 0.0
    normalize_over: Annotated[
        str, choice("actions that share the probability in the loss", "valid", "all")
    ] = "valid"
    dropout: Annotated[float, number("share of hidden units dropped in training", 0.0, 0.9)] = 0.2
    beam_width: Annotated[
        int, number("histories weighed at once in annotation; 1 is greedy", 1, 1024, "candidates")
    ] = 1
    global_updates: Annotated[
        float, number("share of batches that teach whole histories of a beam, not single actions", 0.0, 1.0)
    ] = 0.0
    given_starts: Annotated[
        float, number("share of documents that training walks with their sentence starts given", 0.0, 1.0)
    ] = 0.0
    supertag: Annotated[bool, flag("teach the encoder joint UPOS, FEATS and DEPREL labels besides")] = True


class EntitySettings(Section):
    """BILUO: what a state shows the network, and how the oracle teaches it."""

    features: Annotated[
        list[str],
        names("words of a state shown to the network: sets (3, 6, all) or positions", ENTITY_POSITIONS, 1),
    ] = field(default_factory=lambda: ["6"])
    hidden: Annotated[int, number("hidden units of a state", 4, 1024, "units")] = 64
    pieces: Annotated[int, number("linear pieces of each hidden unit", 1, 8, "pieces")] = 2
    exploration: Annotated[float, number("share of states left by the network's own action", 0.0, 1.0)] = 0.5
    exploration_start: Annotated[
        float, number("passes by right actions alone before exploration", 0, 10_000, "passes")
    ] = 0.0
    normalize_over: Annotated[
        str, choice("actions that share the probability in the loss", "valid", "all")
    ] = "valid"
    entity_weight: Annotated[
        float, number("weight of states where an entity starts or goes on; more finds more", 0.1, 100.0)
    ] = 1.0
    beam_width: Annotated[
        int, number("histories weighed at once in annotation; 1 is greedy", 1, 1024, "candidates")
    ] = 1
    global_updates: Annotated[
        float, number("share of batches that teach whole histories of a beam, not single actions", 0.0, 1.0)
    ] = 0.0
    dropout: Annotated[float, number("share of hidden units dropped in training", 0.0, 0.9)] = 0.1
