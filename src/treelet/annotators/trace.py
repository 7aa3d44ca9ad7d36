"""The steps of one walk of the parser or the recognizer: rows for programs, a table for people, JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

STACK_SHOWN, BUFFER_SHOWN = 4, 3
"""Words of stack and buffer in the table; rows hold the whole stack and the buffer's first BUFFER_KEPT."""

BUFFER_KEPT = 16

HEADINGS = ("step", "stack", "buffer", "action", "probability", "score", "what becomes of it", "instead")


@dataclass(frozen=True)
class RankedAction:
    """An action that was allowed: its score, and its probability among all that were allowed (softmax)."""

    action: str
    score: float
    probability: float


@dataclass(frozen=True)
class TraceStep:
    """One transition, and the state before it. Words are numbers within the document, from 0."""

    number: int
    """From 1, over the whole document."""
    action: str
    score: float | None
    """None where one action alone was allowed: nothing is scored then."""
    probability: float
    allowed: int
    """How many actions were allowed."""
    alternatives: tuple[RankedAction, ...]
    """The best of the other allowed actions, best first."""
    stack: tuple[int, ...]
    """Top last; of the recognizer, the words of the open entity."""
    buffer: tuple[int, ...]
    """The next words, at most BUFFER_KEPT."""
    effect: str
    """An arc as deprel(head, dependent), a word put on the stack or back, a sentence or entity that ends."""


@dataclass(frozen=True)
class Restored:
    """A word that the parser attached where no arcs cross, then put back to the head its label names."""

    word: int
    walked_head: int
    head: int


@dataclass(frozen=True)
class Trace:
    """All transitions over one document, in order; iterating and indexing give the steps."""

    annotator: str
    words: tuple[str, ...]
    steps: tuple[TraceStep, ...]
    restored: tuple[Restored, ...] = ()

    def __iter__(self) -> Iterator[TraceStep]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, number: int) -> TraceStep:
        return self.steps[number]

    def table(self) -> list[tuple[str, ...]]:
        """The cells that `str` shows: a row a step, in the order of HEADINGS."""
        return [self._cells(step) for step in self.steps]

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries."""
        return asdict(self)

    def __str__(self) -> str:
        rows = [HEADINGS, *self.table()]
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
        for each in self.restored:
            word, walked, head = (self._word(i) for i in (each.word, each.walked_head, each.head))
            lines.append(f"{word}: a lifted arc; its head becomes {head} instead of {walked}")
        return "\n".join(lines)

    def _word(self, index: int) -> str:
        return printable(self.words[index])

    def _cells(self, step: TraceStep) -> tuple[str, ...]:
        stack = " ".join(map(self._word, step.stack[-STACK_SHOWN:]))
        buffer = " ".join(map(self._word, step.buffer[:BUFFER_SHOWN]))
        alternatives = ", ".join(f"{each.action} {each.probability:.1%}" for each in step.alternatives)
        return (
            str(step.number),
            "… " + stack if len(step.stack) > STACK_SHOWN else stack,
            buffer + " …" if len(step.buffer) > BUFFER_SHOWN else buffer,
            step.action,
            "only one" if step.score is None else f"{step.probability:.1%}",
            "" if step.score is None else f"{step.score:.2f}",
            step.effect,
            alternatives,
        )


def printable(text: str) -> str:
    """The text with what would move the cursor as escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _width(text: str) -> int:
    """Cells that a terminal gives the text."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
