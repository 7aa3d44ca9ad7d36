"""What `nlp.get_pipe(name)` gives: one annotator, as people look at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from treelet.annotators.trace import Trace
    from treelet.doc import Doc


@dataclass(frozen=True)
class Component:
    """What `nlp.get_pipe(name)` tells of an annotator."""

    name: str
    labels: tuple[str, ...]
    """Labels it may write; actions' labels of parser and recognizer."""
    cfg: Mapping[str, Any]
    """Its section of the settings, read-only."""
    _trace: Callable[[str, str | Doc, int], Trace] = field(repr=False, compare=False)

    def trace(self, text: str | Doc, *, alternatives: int = 2) -> Trace:
        """The transitions that annotating `text` takes, in order, each with its best alternatives.

        Of a Doc, which stays as it is, the walk keeps the sentence starts and entities that the pipeline
        would keep; what a parser or a recognizer has already written is walked anew. Raises SettingsError
        for annotators other than parser and ner.
        """
        return self._trace(self.name, text, alternatives)
