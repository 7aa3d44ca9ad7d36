"""A document and the core's pipeline in, the trace of its parser or recognizer out.

The core tells what was chosen and what else was allowed; the states are rebuilt by walking the same actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from treelet import _core
from treelet.annotators.shapes import entity_system, parser_system
from treelet.annotators.trace import BUFFER_KEPT, RankedAction, Restored, Trace, TraceStep
from treelet.doc import Doc
from treelet.errors import SettingsError
from treelet.settings import Settings

Ranked = tuple[int, list[tuple[int, float, float]]]  # allowed; (action, score, probability), taken one first
Segment = tuple[int, int, list[int], list[Ranked]]
State = tuple[tuple[int, ...], tuple[int, ...], str]  # stack, buffer, what becomes of the step


@dataclass(frozen=True)
class Walked:
    """What a walk knows of its annotator."""

    core: _core.Pipeline
    settings: Settings
    labels: Mapping[str, Sequence[str]]
    annotators: Sequence[str]


def trace_walk(walked: Walked, annotator: str, doc: Doc, alternatives: int) -> Trace:
    """Walk a copy of `doc`. Raises SettingsError for an annotator that makes no transitions."""
    if alternatives < 0:
        raise SettingsError(f"trace: alternatives {alternatives}: expected 0 or more")
    columns = doc.columns.copy()
    if annotator == "parser":
        return _trace_parser(walked, columns, alternatives)
    if annotator == "ner":
        return _trace_entities(walked, columns, alternatives)
    raise SettingsError(f"trace: the {annotator} makes no transitions; the parser and ner do")


def _trace_parser(walked: Walked, columns: _core.Doc, alternatives: int) -> Trace:
    settings = walked.settings.parser
    assert settings is not None
    system = parser_system(settings, walked.labels)
    if columns.has_head():  # its sentence starts are a parser's, no longer presets
        columns.set_sent_start_column(None)
    _forget_found_entities(columns)
    words = columns.word_column()
    steps: list[TraceStep] = []
    heads: list[int] = []
    for begin, _, presets, choices in walked.core.trace(columns, "parser", alternatives):
        walk = _ParserReplay(system, words, begin, presets)
        steps += _steps(system.actions, choices, walk.states(choices), len(steps))
        heads += walk.heads()
    found = columns.head_column()
    restored = [Restored(i, a, b) for i, (a, b) in enumerate(zip(heads, found, strict=True)) if a != b]
    return Trace("parser", tuple(words), tuple(steps), tuple(restored))


def _trace_entities(walked: Walked, columns: _core.Doc, alternatives: int) -> Trace:
    settings = walked.settings.ner
    assert settings is not None
    system = entity_system(settings, walked.labels)
    before = [name for name in ("senter", "parser") if name in walked.annotators]
    if before and not columns.has_head():
        walked.core.annotate_doc(columns, before)
    _forget_found_entities(columns)
    words = columns.word_column()
    steps: list[TraceStep] = []
    for begin, end, _, choices in walked.core.trace(columns, "ner", alternatives):
        states = _entity_states(system, words[:end], begin, choices)
        steps += _steps(system.actions, choices, states, len(steps))
    return Trace("ner", tuple(words), tuple(steps))


def _forget_found_entities(columns: _core.Doc) -> None:
    if 0 not in columns.iob_column():  # decided throughout: a recognizer's, no longer presets
        columns.set_iob_column(None)
        columns.set_ent_type_column(None)


def _steps(
    names: Sequence[str], choices: Iterable[Ranked], states: Iterable[State], before: int
) -> Iterator[TraceStep]:
    for number, ((allowed, ranked), state) in enumerate(zip(choices, states, strict=True), before + 1):
        (action, score, probability), *others = ranked
        yield TraceStep(
            number=number,
            action=names[action],
            score=score if allowed > 1 else None,
            probability=probability,
            allowed=allowed,
            alternatives=tuple(RankedAction(names[a], s, p) for a, s, p in others),
            stack=state[0],
            buffer=state[1],
            effect=state[2],
        )


class _ParserReplay:
    """The parser's states over one segment, from the actions taken."""

    def __init__(
        self, system: _core.ArcEager, words: Sequence[str], begin: int, presets: Sequence[int]
    ) -> None:
        self._walk = _core.ParseWalk(system, len(presets), presets)
        self._names, self._words, self._begin = system.actions, words, begin
        self._arcs: dict[int, str] = {}  # dependent to its arc, as shown

    def states(self, choices: Iterable[Ranked]) -> Iterator[State]:
        """The state before each step, and what the step does."""
        for _, ranked in choices:
            action = ranked[0][0]
            stack = tuple(self._begin + word for word in self._walk.stack())
            buffer = tuple(self._begin + word for word in self._walk.buffer()[:BUFFER_KEPT])
            yield stack, buffer, self._effect(self._names[action], stack, buffer)
            self._walk.apply(action)

    def heads(self) -> list[int]:
        """The head of each word of the segment, its own for a root, as walked."""
        return [
            self._begin + (word if head < 0 else head) for word, head in enumerate(self._walk.heads())
        ]

    def _effect(self, action: str, stack: tuple[int, ...], buffer: tuple[int, ...]) -> str:
        top = stack[-1] if stack else -1
        front = self._words[buffer[0]] if buffer else ""
        move, _, label = action.partition("-")
        if move == "Shift":
            return f"{front} goes on the stack"
        if move == "Break":
            return f"the sentence ends after {front}"
        if move == "Reduce":
            name = self._words[top]
            if top in self._arcs:
                return f"{name} is done"
            return f"{name} is put back" if len(stack) > 1 else f"{name} is the root"
        head, dependent = (buffer[0], top) if move == "Left" else (top, buffer[0])
        earlier = self._arcs.get(dependent)
        self._arcs[dependent] = f"{label}({self._words[head]}, {self._words[dependent]})"
        return self._arcs[dependent] + (f" replaces {earlier}" if earlier else "")


def _entity_states(
    system: _core.EntityMoves, words: Sequence[str], begin: int, choices: Iterable[Ranked]
) -> Iterator[State]:
    first = begin
    for word, (_, ranked) in enumerate(choices, begin):
        move, _, label = system.actions[ranked[0][0]].partition("-")
        if move not in ("Inside", "Last"):
            first = word
        text = " ".join(words[first : word + 1])
        effect = {
            "Out": "no entity",
            "Begin": f"{label} begins",
            "Inside": f"{label} goes on",
            "Last": f"{label}: {text}",
            "Unit": f"{label}: {text}",
        }[move]
        yield tuple(range(first, word)), tuple(range(word, min(len(words), word + BUFFER_KEPT))), effect
