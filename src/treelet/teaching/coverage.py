"""Gold documents in, which annotators they can teach out; settings that say just those."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

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

SECTIONS = {
    "tagger": ("xpos", TaggerSettings),
    "morphologizer": ("upos", MorphologizerSettings),
    "lemmatizer": ("lemma", LemmatizerSettings),
    "senter": ("sent_start", SenterSettings),
    "parser": ("head", ParserSettings),
    "ner": ("iob", EntitySettings),
}


def taught_by(docs: Sequence[Doc]) -> list[str]:
    """Annotators whose column at least one document annotates, in pipeline order."""
    return [name for name, (column, _) in SECTIONS.items() if any(_annotates(doc, column) for doc in docs)]


def _annotates(doc: Doc, column: str) -> bool:
    """Whether a document holds what is taught from a column; of sentence starts, at least a second one."""
    if column == "sent_start":
        return int((doc.columns.sent_starts()[1:] == 1).sum()) > 0
    return bool(getattr(doc.columns, f"has_{column}")())


def complete_settings(settings: Settings, docs: Sequence[Doc], also: Collection[str] = ()) -> Settings:
    """Settings with a section for every annotator that will be taught.

    Those are the ones that `pipeline` names, or else all that the documents can teach; sentence starts then
    only beside trees. also: annotators that something besides the documents teaches. Raises TrainingError
    when an annotator that was asked for, by `pipeline` or else by a section, finds nothing to learn from.
    """
    known = {*taught_by(docs), *also}
    taught = [name for name in SECTIONS if name in known]
    for name in settings.pipeline or settings.annotators():
        if name not in taught:
            raise TrainingError(
                f"settings ask for {name}, but no training file annotates {SECTIONS[name][0]}: "
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
        for name, (_, section) in SECTIONS.items()
    }
    return replace(settings, pipeline=list(wanted), **sections)


def measured_on(docs: Sequence[Doc], settings: Settings) -> tuple[list[Doc], list[Doc]]:
    """Development documents that treebank annotators are scored on, and those for entities.

    Raises TrainingError when an annotator finds nothing to be measured on.
    """
    annotators = settings.annotators()
    treebank, entities = scored_docs(docs, annotators)
    known = {*taught_by(docs), *(["senter"] if treebank else [])}
    if lacking := [name for name in annotators if name not in known]:
        raise TrainingError(
            f"no development file annotates what {', '.join(lacking)} would be measured on: "
            "add one that does, or name the others as `pipeline` in the settings"
        )
    return treebank, entities


def scored_docs(docs: Sequence[Doc], annotators: Collection[str]) -> tuple[list[Doc], list[Doc]]:
    """The same, without errors: either may be empty."""
    treebank = [doc for doc in docs if set(taught_by([doc])) - {"senter", "ner"}]
    if "senter" in annotators and not treebank:
        treebank = [doc for doc in docs if "senter" in taught_by([doc])]
    return treebank, [doc for doc in docs if doc.columns.has_iob() or doc.wrong_ents]
