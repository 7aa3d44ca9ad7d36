"""Gold documents in, a pipeline that annotates better out: what `nlp` can be taught, and how it is saved."""

from __future__ import annotations

from treelet.errors import SettingsError
from treelet.pipeline.alterable import Alterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Any

    from treelet.doc import Doc
    from treelet.gold import Example
    from treelet.package.manifest import Manifest
    from treelet.scoring import Scores
    from treelet.teaching.learner import Learner


class Teachable(Alterable):
    """The part of a pipeline that learns. Not to be taught by several threads at once.

    PyTorch is needed, and imported, by initialize, resume_training and update alone.
    """

    meta: Manifest | None

    def initialize(
        self,
        examples: Iterable[Example | Doc] | Callable[[], Iterable[Example | Doc]],
        vectors: str | Path | None = None,
    ) -> None:
        """A new network for the annotators that were added, or else for all that the examples can teach.

        The examples give the labels, and the tokenizer what the language's rules do not say; they are not
        taught yet. What was taught before is forgotten (resume_training keeps it). vectors: a file of static
        vectors, as `treelet train --vectors` takes it. Raises TrainingError where the examples annotate
        nothing that an annotator needs, FormatError for vectors that cannot be read.
        """
        from treelet.teaching import need_torch

        need_torch()
        self._check_no_teacher("initialize")
        from treelet.gold import gold_docs
        from treelet.pipeline.learning import new_learner

        docs = gold_docs(examples() if callable(examples) else examples)
        self._rehearsal = None
        self._learner, self._parts = new_learner(self.settings, docs, vectors)
        self.settings, self.meta, self._loaded_by = self._learner.settings, None, None
        self._is_stale = True
        self._learner.freeze(self._frozen)

    def resume_training(self, examples: Iterable[Example | Doc] = (), *, rehearse: bool = True) -> None:
        """Go on teaching what there is.

        Labels of the examples that it does not know, and annotators that were added, join what has been
        taught, which stays; the examples themselves are not taught yet.

        rehearse: what the examples of update() leave open is filled in with what the pipeline says now, so
        that it is not forgotten: columns that they lack, and entities of the types that it knows and none of
        `examples` has. Raises SettingsError when nothing has been taught, TrainingError when the examples
        lack what an added annotator needs.
        """
        from treelet.teaching import need_torch

        need_torch()
        self._check_no_teacher("resume_training")
        from treelet.gold import gold_docs
        from treelet.pipeline.learning import OldPipeline, grown_learner

        self._take_learnt()
        docs = gold_docs(examples)
        self._learner = grown_learner(self._parts, self.settings, docs)
        self._rehearsal = OldPipeline(self._parts, docs) if rehearse else None
        self.settings, self._loaded_by = self._learner.settings, None
        self._is_stale = True
        self._learner.freeze(self._frozen)

    def update(
        self,
        examples: Iterable[Example | Doc],
        *,
        drop: float | None = None,
        losses: dict[str, float] | None = None,
        rate: float | None = None,
    ) -> dict[str, float]:
        """One step of teaching: the examples are a batch. The losses per word, by annotator.

        drop: share of the encoder's outputs that are dropped, rate: size of the step; None takes
        training.dropout and training.learning_rate of the settings. losses: a dictionary that the losses are
        added to. Annotating goes by a running average of the parameters (training.average). A pipeline that
        was loaded goes on as after resume_training(). Raises TrainingError for an entity label that the
        recognizer does not know, and when teaching diverges; SettingsError before initialize.
        """
        from treelet.gold import gold_docs
        from treelet.pipeline.learning import check_entity_labels

        learner = self._teaching()
        docs = gold_docs(examples)
        check_entity_labels(docs, learner)
        if self._rehearsal is not None:
            docs = self._rehearsal.filled_in(docs)
        _check_range("drop", drop, 0.9)
        _check_range("rate", rate, 1.0)
        lessons = learner.lessons(docs)
        found = learner.update(lessons, drop, rate) if lessons else {}
        self._is_stale, self._loaded_by = True, None
        if losses is not None:
            for name, value in found.items():
                losses[name] = losses.get(name, 0.0) + value
        return found

    def rehearse(
        self,
        texts: Iterable[str],
        *,
        drop: float | None = None,
        losses: dict[str, float] | None = None,
        rate: float | None = None,
    ) -> dict[str, float]:
        """A step like update(), by what the pipeline said of these texts when resume_training was called.

        Between steps that teach it something new, raw text keeps what the new examples do not show. Raises
        SettingsError before resume_training.
        """
        if self._rehearsal is None:
            raise SettingsError("rehearse: resume_training comes first: what the pipeline says then is kept")
        return self.update(self._rehearsal.said_of(texts), drop=drop, losses=losses, rate=rate)

    def evaluate(self, examples: Iterable[Example | Doc], *, gold_tokens: bool = True) -> Scores:
        """Scores on gold documents: `scores["LAS"].f1`, `scores.entities.micro.f1`, `scores.to_dict()`.

        gold_tokens: their words are given; else everything is predicted from their text.
        """
        from treelet.gold import gold_docs
        from treelet.scoring import score_docs

        docs = gold_docs(examples)
        return score_docs(docs, [self(doc.bare() if gold_tokens else doc.text) for doc in docs])

    def to_disk(self, path: str | Path, **manifest: Any) -> None:
        """Save as a package: `treelet.load(path)` gives a pipeline that annotates the same.

        manifest: such as genre="news", version="0.1.2", licence="MIT", sources=["…"]. Raises SettingsError
        while an annotator has not been taught.
        """
        from treelet.pipeline.saving import save

        self._check_no_teacher("to_disk")
        self._settle()
        save(self._parts, path, manifest, self.meta, unchanged=self._loaded_by is not None)

    def __call__(self, text: str | Doc) -> Doc:
        """See Pipeline."""
        raise NotImplementedError

    def _teaching(self) -> Learner:
        if self._learner is None:
            self.resume_training()
        assert self._learner is not None
        return self._learner


def _check_range(name: str, value: float | None, most: float) -> None:
    if value is not None and not 0.0 <= value <= most:
        raise SettingsError(f"{name}: found {value}, expected 0 to {most:g}")
