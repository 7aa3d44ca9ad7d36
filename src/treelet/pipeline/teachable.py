"""Gold documents in, a pipeline that annotates better out: what `nlp` can be taught, and how it is saved."""

from __future__ import annotations

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from treelet import _core
    from treelet.annotators.component import Component
    from treelet.doc import Doc
    from treelet.gold import Example
    from treelet.package.manifest import Manifest
    from treelet.pipeline.parts import Parts
    from treelet.scoring import Scores
    from treelet.settings import Settings
    from treelet.teaching.learner import Learner


class Teachable:
    """The half of a pipeline that changes it. Not for several threads at once.

    PyTorch is needed, and imported, by initialize, resume_training and update alone.
    """

    settings: Settings
    meta: Manifest | None
    _parts: Parts
    _assembled: _core.Pipeline | None
    _loaded_by: Any

    def begin_teachable(self) -> None:
        """Nothing has been taught or altered yet."""
        self._learner: Learner | None = None
        self._is_stale = False  # the learner knows more than the parts
        self._frozen: tuple[str, ...] = ()

    # Which annotators there are.

    def add_pipe(
        self, name: str, config: Mapping[str, Any] | None = None, source: Teachable | None = None
    ) -> Component:
        """One annotator more, to be taught: see initialize, or resume_training where others have been.

        config: values of its section of the settings, such as {"hidden": 128}. source: a pipeline to take it
        over from, labels, weights and all; as annotators understand the vectors of their own encoder alone,
        this pipeline must have none yet, and then gets that encoder too, or have the same encoder.
        Raises SettingsError.
        """
        if name not in ANNOTATOR_TABLE:
            from difflib import get_close_matches

            near = get_close_matches(name, ANNOTATOR_TABLE, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(ANNOTATOR_TABLE)}"
            raise SettingsError(f"add_pipe: {name!r} is no annotator; {hint}")
        if name in self.settings.annotators():
            raise SettingsError(f"add_pipe: {name!r} is in this pipeline already")
        if source is not None:
            if config:
                raise SettingsError("add_pipe: source brings its settings: give config or source, not both")
            self._take_from(source, name)
        else:
            from collections.abc import Mapping

            from treelet.settings import settings_from_dict, settings_to_dict

            section = dict(config) if isinstance(config, Mapping) else config or {}
            values = settings_to_dict(self.settings) | {name: section}
            self._change_settings(settings_from_dict(values, f"add_pipe({name!r})"))
        return self.get_pipe(name)

    def remove_pipe(self, name: str) -> None:
        """One annotator less. Raises SettingsError when it is not there."""
        from dataclasses import replace

        self.get_pipe(name)
        self._change_settings(replace(self.settings, **{name: None}))  # type: ignore[arg-type]
        if name in self._parts.annotators:
            from treelet.pipeline.surgery import without

            self._parts, self._assembled = without(self._parts, name), None
        self._frozen = tuple(each for each in self._frozen if each != name)

    # Teaching.

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
        from treelet.gold import gold_docs
        from treelet.pipeline.learning import new_learner

        docs = gold_docs(examples() if callable(examples) else examples)
        self._learner, self._parts = new_learner(self.settings, docs, vectors)
        self.settings, self.meta, self._loaded_by = self._learner.settings, None, None
        self._is_stale = True
        self._learner.freeze(self._frozen)

    def resume_training(self, examples: Iterable[Example | Doc] = ()) -> None:
        """Go on teaching what there is.

        Labels of the examples that it does not know, and annotators that were added, join what has been
        taught, which stays; the examples themselves are not taught yet. Raises SettingsError when nothing has
        been taught, TrainingError when the examples lack what an added annotator needs.
        """
        from treelet.teaching import need_torch

        need_torch()
        from treelet.gold import gold_docs
        from treelet.pipeline.learning import grown_learner

        self._take_learnt()
        self._learner = grown_learner(self._parts, self.settings, gold_docs(examples))
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
        _check_share("drop", drop)
        lessons = learner.lessons(docs)
        found = learner.update(lessons, drop, rate) if lessons else {}
        self._is_stale, self._loaded_by = True, None
        if losses is not None:
            for name, value in found.items():
                losses[name] = losses.get(name, 0.0) + value
        return found

    def freeze(self, *names: str) -> None:
        """Leave "encoder", or annotators, as they are in all that is taught from now on.

        A frozen annotator reads an encoder that still changes unless that is frozen too; its losses keep
        teaching the encoder. Raises SettingsError for other names.
        """
        self._set_frozen({*self._frozen, *names})

    def unfreeze(self, *names: str) -> None:
        """Teach these again; all when none is named."""
        self._check_parts(names)
        self._set_frozen(set(self._frozen) - set(names) if names else set())

    @property
    def frozen(self) -> tuple[str, ...]:
        """What is left as it is: "encoder", names of annotators."""
        return self._frozen

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

        manifest: such as genre="news", version="1.0.0", licence="MIT", sources=["…"]. Raises SettingsError
        while an annotator has not been taught.
        """
        from treelet.pipeline.saving import save

        self._settle()
        save(self._parts, path, {**_kept_of(self.meta), **manifest})

    # What both halves of a pipeline need of one another.

    def get_pipe(self, name: str) -> Component:
        """See Pipeline."""
        raise NotImplementedError

    def __call__(self, text: str | Doc) -> Doc:
        """See Pipeline."""
        raise NotImplementedError

    def _change_settings(self, settings: Settings) -> None:
        self._take_learnt()
        self.settings, self._loaded_by = settings, None
        self._learner = None
        self._assembled = None

    def _labels_now(self) -> Mapping[str, Sequence[str]]:
        return self._learner.labels.packaged() if self._learner else self._parts.labels

    def _check_taught(self) -> None:
        known = self._learner.settings.annotators() if self._learner else self._parts.annotators
        if new := [name for name in self.settings.annotators() if name not in known]:
            how = "resume_training(examples)" if self._parts.annotators else "initialize(examples)"
            raise SettingsError(f"{', '.join(new)}: added, but never taught; nlp.{how} comes first")

    def _take_learnt(self) -> None:
        """The parts become what the learner knows."""
        if self._learner is not None and self._is_stale:
            from treelet.pipeline.learning import learnt_parts

            self._parts = learnt_parts(self._learner, self._parts)
        self._is_stale = False

    def _settle(self) -> None:
        """All that was taught is in the parts."""
        self._check_taught()
        if self._is_stale:
            self._take_learnt()
            self._assembled = None

    def _teaching(self) -> Learner:
        if self._learner is None:
            self.resume_training()
        assert self._learner is not None
        return self._learner

    def _take_from(self, source: Teachable, name: str) -> None:
        from dataclasses import replace

        from treelet.pipeline.surgery import joined

        source.get_pipe(name)
        source._settle()
        if self._parts.annotators:
            self._settle()
        parts = joined(self._parts, source._parts, name)
        planned = {each: getattr(self.settings, each) for each in self.settings.annotators()}
        self._change_settings(replace(parts.taught_settings(), **planned))
        self._parts = parts

    def _set_frozen(self, names: set[str]) -> None:
        self._check_parts(names)
        known = ("encoder", *self.settings.annotators())
        self._frozen = tuple(name for name in known if name in names)
        if self._learner is not None:
            self._learner.freeze(self._frozen)

    def _check_parts(self, names: Iterable[str]) -> None:
        known = ("encoder", *self.settings.annotators())
        for name in names:
            if name not in known:
                raise SettingsError(f"{name!r} is not in this pipeline: {', '.join(known)}")


def _check_share(name: str, value: float | None) -> None:
    if value is not None and not 0.0 <= value <= 0.9:
        raise SettingsError(f"{name}: found {value}, expected 0 to 0.9")


def _kept_of(manifest: Manifest | None) -> dict[str, Any]:
    """What a package that is saved again has from the one that was loaded."""
    names = ("type", "genre", "size", "version", "description", "licence", "sources")
    return {name: getattr(manifest, name) for name in names} if manifest else {}
