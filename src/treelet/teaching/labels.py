"""Gold documents in, every annotator's labels out: the columns of labels.json, and supertags for teaching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from treelet import _core
from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.settings import Settings

_LEAVE_OUT = "name the other annotators as `pipeline` in the settings"

LEAST_SUPERTAG_USES = 10  # rarer ones teach little, and half of all are rarer


@dataclass(frozen=True)
class Labels:
    """Label sets, each in order of falling frequency."""

    xpos: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)
    trees: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    ner: list[str] = field(default_factory=list)
    supertag: list[str] = field(default_factory=list)

    def packaged(self) -> dict[str, list[str]]:
        """What annotation needs: everything but the supertags."""
        names = ("xpos", "upos", "feats", "trees", "left", "right", "ner")
        kept = [name for name in names if getattr(self, name)]
        if self.right and not self.left:  # trees that all branch to the right
            kept.append("left")
        return {name: getattr(self, name) for name in kept}


def projective_tree(doc: Doc, lifting: str) -> tuple[list[int], list[str | None]]:
    """Heads and deprels of a document after pseudo-projective lifting (Nivre & Nilsson 2005, section 3).

    `lifting`: what the labels remember of it, "head", "path" or "head+path".
    """
    numbers, deprels = doc.columns.heads().tolist(), doc.columns.deprel_column()
    if all(number < 0 for number in numbers):
        return numbers, deprels
    lifted, names = _core.projectivize(numbers, [name or "" for name in deprels], lifting)
    return list(lifted), [name or None for name in names]


def supertag(upos: str | None, feats: str | None, deprel: str | None) -> str | None:
    """Part of speech, morphology and relation in one label; None when any is missing."""
    if upos is None or deprel is None:
        return None
    return f"{upos}|{feats or ''}|{deprel}"


def collect_labels(docs: Iterable[Doc], settings: Settings) -> Labels:
    """Count what the documents use. Edit trees and supertags need a least frequency; other labels do not."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("xpos", "upos", "feats", "trees", "left", "right", "ner", "supertag")
    }
    for doc in docs:
        columns = doc.columns
        heads, deprels = projective_tree(doc, settings.parser.lifting) if settings.parser else ([], [])
        upos, feats = columns.upos_column(), columns.feats_column()
        counts["xpos"].update(label for label in columns.xpos_column() if label is not None)
        counts["upos"].update(label for label in upos if label is not None)
        counts["feats"].update(label for label in feats if label is not None)
        counts["ner"].update(label for label in columns.ent_type_column() if label)
        if settings.lemmatizer:
            counts["trees"].update(tree for tree in edit_trees(doc) if tree is not None)
        for i, (head, deprel) in enumerate(zip(heads, deprels, strict=True)):
            if head >= 0 and head != i and deprel:
                counts["left" if head > i else "right"][deprel] += 1
        if settings.parser:
            tags = map(supertag, upos, feats, columns.deprel_column())
            counts["supertag"].update(tag for tag in tags if tag is not None)
    has_supertag = settings.parser is not None and settings.parser.supertag
    least = settings.lemmatizer.min_tree_frequency if settings.lemmatizer else 1
    return Labels(
        xpos=_ranked(counts["xpos"]) if settings.tagger else [],
        upos=_ranked(counts["upos"]) if settings.morphologizer else [],
        feats=_ranked(counts["feats"]) if settings.morphologizer else [],
        trees=_ranked(counts["trees"], least),
        left=_ranked(counts["left"]),
        right=_ranked(counts["right"]),
        ner=_ranked(counts["ner"]) if settings.ner else [],
        supertag=_ranked(counts["supertag"], LEAST_SUPERTAG_USES) if has_supertag else [],
    )


def usable_labels(labels: Labels, settings: Settings) -> Labels:
    """The same labels, or with one more where the data lack a kind that a layer must have.

    Words without FEATS get `""`, trees whose arcs all point one way `dep` for the other. Raises TrainingError
    where an annotator would have nothing to tell apart.
    """
    for name, found in (("tagger", labels.xpos), ("morphologizer", labels.upos)):
        if getattr(settings, name) is not None and not found:
            raise TrainingError(f"{name}: no word has a tag: annotate some, or {_LEAVE_OUT}")
    if settings.lemmatizer is not None and not labels.trees:
        raise TrainingError(
            "lemmatizer: no way from word to lemma is used "
            f"{settings.lemmatizer.min_tree_frequency} times (lemmatizer.min_tree_frequency): "
            f"lower it, add lemmas, or {_LEAVE_OUT}"
        )
    if settings.parser is not None and not labels.left and not labels.right:
        raise TrainingError(
            "parser: no word has both a relation and a head other than itself: "
            f"add words that do, or {_LEAVE_OUT}"
        )
    if settings.ner is not None and not labels.ner:
        raise TrainingError(
            f"ner: words are said to be outside, but there is no entity: add some, or {_LEAVE_OUT}"
        )
    return replace(
        labels,
        feats=labels.feats or ([""] if settings.morphologizer else []),
        left=labels.left or (["dep"] if settings.parser else []),
        right=labels.right or (["dep"] if settings.parser else []),
    )


def edit_trees(doc: Doc) -> Iterator[str | None]:
    """The edit tree from form to lemma of every word; None where no lemma is annotated."""
    for word, lemma in zip(doc.columns.word_column(), doc.columns.lemma_column(), strict=True):
        yield None if lemma is None else _core.edit_tree(word, lemma)


def _ranked(counter: Counter[str], least: int = 1) -> list[str]:
    return [label for label, n in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])) if n >= least]
