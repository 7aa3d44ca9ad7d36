"""A job with a base package in; the learner, the documents and what is measured, of teaching it more, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.networks.device import Device
from treelet.pipeline import load
from treelet.settings import Settings
from treelet.teaching.coverage import SECTIONS, taught_by
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.rehearsal import Rehearsal, entity_types
from treelet.training.base import Base
from treelet.training.comparison import Measured, Measures, compare, measure
from treelet.training.corpus import has_own_text, read_corpus
from treelet.training.counting import DevFile
from treelet.training.distributed import World
from treelet.training.evaluation import Evaluator
from treelet.training.job import TrainingJob
from treelet.training.kept import KeepingEvaluator
from treelet.training.progress import Compared
from treelet.training.shared_learner import make_learner


@dataclass(frozen=True)
class More:
    """All that teaching a base package more has besides what every run has."""

    base: Base
    learner: Learner
    lessons: Sequence[Lesson]  # of gold documents, filled in unless rehearsal is off
    documents: int
    rehearsal: Rehearsal
    dev: Sequence[DevFile]
    evaluator: Evaluator | KeepingEvaluator  # decides which pass is kept
    measured: Measured
    before: Measures

    def gold_dev(self) -> list[Doc]:
        """Development documents as they are."""
        return [doc for docs in self.measured.files for doc in docs]

    @property
    def calibrated(self) -> tuple[str, ...]:
        """Annotators whose probabilities the development files can tell: trees, and entities of all types."""
        files = [docs for docs in self.measured.files if any(doc.columns.has_iob() for doc in docs)]
        labels = set(self.learner.labels.ner)
        whole = bool(files) and all(labels <= entity_types(docs) for docs in files)
        has_trees = any(doc.columns.has_head() for doc in self.gold_dev())
        return ("parser",) * has_trees + ("ner",) * whole

    def compared_with(self, package: Path) -> Compared:
        """Scores of the base and of what it became."""
        types = self.base.entity_types
        return Compared(compare(self.before, measure(load(package), self.measured, types), types))


def teach_more(job: TrainingJob, device: Device, world: World) -> More:
    """Read and fill in all files. Raises SettingsError, TrainingError, FormatError."""
    assert job.base is not None
    base = Base(job.base)
    base.check_out(job.out)
    if job.vectors is not None:
        raise TrainingError("vectors: static vectors of the base package stay as they are: leave them out")
    train, dev = (
        [read_corpus(path, job.label_map, base.nlp.make_doc) for path in files]
        for files in (job.train, job.dev)
    )
    gold = [doc for docs in train for doc in docs]
    settings = base.grown(job.settings, gold)
    docs = [doc for each in train for doc in base.filled(each)] if job.rehearse else gold
    words = round(settings.training.rehearsal * sum(map(len, docs))) if job.rehearse and job.raw else 0
    raw = base.rehearsed(job.raw, words * settings.training.epochs)
    labels = base.labels_with(settings, gold, [*docs, *raw])
    learner = make_learner(world, settings, labels, base.vectors, device)
    learner.take_over(base.arrays, base.labels)
    learner.freeze(_frozen(job.freeze, settings, taught_by(gold)))
    known = taught_by([doc for each in dev for doc in each])
    leave = [SECTIONS[name][0] for name in known] + ["feats"] * ("morphologizer" in known)
    added = [name for name in settings.annotators() if name not in base.settings.annotators()]
    if lacking := [name for name in added if name not in known and name != "senter"]:
        raise TrainingError(f"no development file annotates what {', '.join(lacking)} would be measured on")
    measured = Measured(dev, [doc for each in dev for doc in base.filled(each, leave)])
    types = base.entity_types
    gold_dev = [doc for each in dev for doc in each]
    files = [
        DevFile(docs, has_own_text(path), entity_types(docs) if job.rehearse else None)
        for docs, path in zip(dev, job.dev, strict=True)
    ]
    return More(
        base=base,
        learner=learner,
        lessons=learner.lessons(docs),
        documents=len(docs),
        rehearsal=Rehearsal(learner.lessons(raw), words),
        dev=files,
        evaluator=KeepingEvaluator(measured, settings, types)
        if job.rehearse
        else Evaluator(gold_dev, _covered(settings, known)),
        measured=measured,
        before=measure(base.nlp, measured, types),
    )


def _frozen(names: Sequence[str], settings: Settings, taught: Sequence[str]) -> list[str]:
    """The names, "others" replaced by the encoder and the annotators that gold documents do not teach."""
    if "others" not in names:
        return list(names)
    others = [name for name in settings.annotators() if name not in taught]
    return ["encoder", *others, *(name for name in names if name != "others")]


def _covered(settings: Settings, known: Sequence[str]) -> Settings:
    """Settings with those annotators alone that development documents can measure."""
    covered = [name for name in settings.annotators() if name in known]
    if not covered:
        raise TrainingError("no development file annotates anything that could be measured")
    gone = {name: None for name in settings.annotators() if name not in covered}
    return replace(settings, pipeline=covered, **gone)  # type: ignore[arg-type]
