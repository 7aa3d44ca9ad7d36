"""Annotators added, removed, taken over and frozen: which parts `nlp` has, and what of it may change."""

from __future__ import annotations

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from treelet import _core
    from treelet.annotators.component import Component
    from treelet.pipeline.learning import OldPipeline
    from treelet.pipeline.parts import Parts
    from treelet.settings import Settings
    from treelet.teaching.learner import Learner


class Alterable:
    """The part of a pipeline that knows what it is made of. Not to be altered by several threads at once."""

    settings: Settings
    _parts: Parts
    _assembled: _core.Pipeline | None
    _loaded_by: Any

    def begin_alterable(self) -> None:
        """Nothing has been taught or altered yet."""
        self._learner: Learner | None = None
        self._is_stale = False  # the learner knows more than the parts
        self._frozen: tuple[str, ...] = ()
        self._rehearsal: OldPipeline | None = None

    def add_pipe(
        self, name: str, config: Mapping[str, Any] | None = None, source: Alterable | None = None
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
        self._check_no_teacher("add_pipe")
        if source is not None:
            source._check_no_teacher("add_pipe")
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

        self._check_no_teacher("remove_pipe")
        self.get_pipe(name)
        self._change_settings(replace(self.settings, **{name: None}))  # type: ignore[arg-type]
        if name in self._parts.annotators:
            from treelet.pipeline.surgery import without

            self._parts, self._assembled = without(self._parts, name), None
        self._frozen = tuple(each for each in self._frozen if each != name)

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

    # What the other parts of a pipeline need.

    def get_pipe(self, name: str) -> Component:
        """See Pipeline."""
        raise NotImplementedError

    def _check_no_teacher(self, what: str) -> None:
        """Raises SettingsError for a pipeline that a transformer is part of."""
        if self._parts.transformer is not None:
            raise SettingsError(
                f"{what}: this is a teacher: it annotates, and `treelet distill` teaches others by it, but "
                "it is neither altered nor taught more; `treelet train --encoder transformer` makes another"
            )

    def _change_settings(self, settings: Settings) -> None:
        from dataclasses import replace

        self._take_learnt()
        self.settings, self._loaded_by = replace(settings, pipeline=settings.annotators()), None
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

    def _take_from(self, source: Alterable, name: str) -> None:
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
