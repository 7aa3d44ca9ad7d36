"""Gold documents in, which annotators they can teach out; settings that say just those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.settings import (
    EntitySettings,
    LemmatizerSettings,
    MorphologizerSettings,
    ParserSettings,
    SenterSettings,
    Settings,
    TaggerSettings,
)
from treelet.teaching.labels import Labels

_SECTIONS = {
    "tagger": ("xpos", TaggerSettings),
    "morphologizer": ("upos", MorphologizerSettings),
    "lemmatizer": ("lemma", LemmatizerSettings),
    "senter": ("sent_start", SenterSettings),
    "parser": ("head", ParserSettings),
    "ner": ("iob", EntitySettings),
}


def taught_by(docs: Sequence[Doc]) -> list[str]:
    """Annotators whose column at least one document annotates, in pipeline order."""
    return [name for name, (column, _) in _SECTIONS.items() if any(_annotates(doc, column) for doc in docs)]


def _annotates(doc: Doc, column: str) -> bool:
    """Whether a document holds what is taught from a column; of sentence starts, at least a second one."""
    if column == "sent_start":
        return int((doc.columns.sent_starts()[1:] == 1).sum()) > 0
    return bool(getattr(doc.columns, f"has_{column}")())


def complete_settings(settings: Settings, docs: Sequence[Doc]) -> Settings:
    """Settings with a section for every annotator that will be taught.

    Those are the ones that `pipeline` names, or else all that the documents can teach; sentence starts then
    only beside trees. Raises TrainingError when an annotator that was asked for, by `pipeline` or else by a
    section, finds nothing to learn from.
    """
    taught = taught_by(docs)
    for name in settings.pipeline or settings.annotators():
        if name not in taught:
            raise TrainingError(
                f"settings ask for {name}, but no training file annotates {_SECTIONS[name][0]}: "
                f"leave it out (section and `pipeline`) or add a file that does"
            )
    if not taught:
        raise TrainingError(
            "no training file annotates tags, lemmas, heads or entities: nothing can be taught"
        )
    wanted = settings.pipeline or taught
    if not settings.pipeline and settings.senter is None and not {"parser"} & set(taught) and len(taught) > 1:
        wanted = [name for name in taught if name != "senter"]
    sections: dict[str, Any] = {
        name: (getattr(settings, name) or section()) if name in wanted else None
        for name, (_, section) in _SECTIONS.items()
    }
    return replace(settings, pipeline=list(wanted), **sections)


def check_labels(settings: Settings, labels: Labels) -> None:
    """Raises TrainingError where the data left an annotator without a label that it could write."""
    for name in settings.annotators():
        for label_set in ANNOTATOR_TABLE[name].label_sets:
            if label_set != "left" and not getattr(labels, label_set):  # trees may all branch to the right
                raise TrainingError(f"{name}: the training data leave it {_MISSING[label_set]}")


_MISSING = {
    "xpos": "no tag: annotate XPOS or leave the tagger out",
    "upos": "no part of speech: annotate UPOS or leave the morphologizer out",
    "feats": "no FEATS, not even empty ones: annotate them or leave the morphologizer out",
    "trees": "no edit tree that is frequent enough: lower lemmatizer.min_tree_frequency or add data",
    "right": "no word whose head is on its left: add trees or leave the parser out",
    "ner": "no entity of any type: add some or leave ner out",
}
