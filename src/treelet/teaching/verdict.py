"""Gold documents and settings in; what would be taught, and the error that teaching would raise, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from treelet.annotators.shapes import entity_system, parser_system
from treelet.doc import Doc
from treelet.errors import TreeletError
from treelet.scoring import entity_scores, score_docs
from treelet.settings import Settings, settings_for_teaching
from treelet.teaching.coverage import complete_settings, measured_on
from treelet.teaching.entity_columns import entity_columns
from treelet.teaching.labels import Labels, collect_labels, edit_trees, usable_labels


@dataclass
class Verdict:
    """What training would make of data. It would fail where there are errors."""

    annotators: list[str] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)  # label set -> size
    errors: list[str] = field(default_factory=list)
    unlearnable_lemmas: int = 0  # words whose edit tree is too rare to be a label
    lemmas: int = 0  # words with a lemma

    def lemma_message(self) -> str:
        """What the lemmatizer cannot learn."""
        share = 100 * self.unlearnable_lemmas / self.lemmas
        return (
            f"lemmas whose edit tree is too rare to be learned: {self.unlearnable_lemmas:,} of "
            f"{self.lemmas:,} ({share:.1f} %); see lemmatizer.min_tree_frequency"
        )


def judge(train: Sequence[Doc], dev: Sequence[Doc] | None, settings: Settings) -> Verdict:
    """Goes the way that training goes before the first step, without PyTorch. dev: None where not known."""
    verdict = Verdict()
    try:
        completed = complete_settings(settings_for_teaching(settings, has_vectors=True), train)
    except TreeletError as error:
        verdict.errors.append(str(error))
        return verdict
    verdict.annotators = completed.annotators()
    steps: list[Callable[[], None]] = [
        lambda: _teach(train, completed, verdict),
        lambda: _contradictions(train, completed),
    ]
    if dev is not None:
        steps.append(lambda: _measure(dev, completed))
    for step in steps:
        try:
            step()
        except TreeletError as error:
            verdict.errors.append(str(error))
    return verdict


def _teach(train: Sequence[Doc], settings: Settings, verdict: Verdict) -> None:
    """What label sets and transition systems would raise."""
    found = collect_labels(train, settings)
    verdict.labels = {name: len(labels) for name, labels in found.packaged().items()}
    if settings.lemmatizer:
        _count_lemmas(train, found, verdict)
    labels = usable_labels(found, settings).packaged()
    if settings.parser:
        parser_system(settings.parser, labels)
    if settings.ner:
        entity_system(settings.ner, labels)


def _contradictions(train: Sequence[Doc], settings: Settings) -> None:
    """What entities that are wrong, too, would raise."""
    for doc in train if settings.ner else ():
        if doc.wrong_ents:
            entity_columns(doc, {})


def _measure(dev: Sequence[Doc], settings: Settings) -> None:
    """What the evaluation after each pass would raise."""
    treebank, entities = measured_on(dev, settings)
    if set(settings.annotators()) != {"ner"}:
        score_docs(treebank, treebank)
    if settings.ner is not None:
        entity_scores(entities, entities)


def _count_lemmas(train: Sequence[Doc], labels: Labels, verdict: Verdict) -> None:
    uses = Counter(tree for doc in train for tree in edit_trees(doc) if tree is not None)
    known = set(labels.trees)
    verdict.lemmas = sum(uses.values())
    verdict.unlearnable_lemmas = sum(n for tree, n in uses.items() if tree not in known)
