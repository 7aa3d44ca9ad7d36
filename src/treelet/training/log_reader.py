"""The log of a training run in, its steps and evaluations out; what a resumed run did again counts once."""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from treelet.errors import FormatError
from treelet.settings.section import Annotated, Rule, Section, WrongValue

_COUNT = Rule(low=0, high=2**53)
"""What a number of words or passes can be, with room to spare."""


class _Record(Section):
    known_only = False


class PreparedRecord(_Record):
    """The data had been read."""

    words: Annotated[int, _COUNT]  # in one pass
    epochs: Annotated[int, _COUNT]
    annotators: list[str]


class StepsRecord(_Record):
    """Some steps: the mean losses per word since the record before."""

    epoch: Annotated[int, _COUNT]
    words: Annotated[int, _COUNT]  # taught since the start
    losses: dict[str, float]


class EvaluatedRecord(_Record):
    """Scores on the development data, in percent."""

    epoch: Annotated[int, _COUNT]
    words: Annotated[int, _COUNT]
    seconds: float  # since teaching began
    losses: dict[str, float]
    scores: dict[str, float]
    score: float
    best: bool


@dataclass
class RunLog:
    """All that a log tells; `steps` and `evaluations` with rising numbers of words."""

    name: str
    started: dict[str, Any] = field(default_factory=dict)
    prepared: PreparedRecord | None = None
    steps: list[StepsRecord] = field(default_factory=list)
    evaluations: list[EvaluatedRecord] = field(default_factory=list)
    reason: str = ""  # why teaching ended; "" while it goes on, or where it was cut off

    def best(self) -> EvaluatedRecord | None:
        """The evaluation of the package that was kept: the first with the highest score."""
        known = [each for each in self.evaluations if math.isfinite(each.score)]
        return max(known, key=lambda each: each.score, default=None)

    def words_in_pass(self) -> int:
        """Words of one pass over the data; 1 where the log does not tell."""
        return max(1, self.prepared.words) if self.prepared else 1


def read_log(path: Path) -> RunLog:
    """The log at `path`; a last line that was cut off is passed over.

    Raises FormatError with file and line for anything that treelet does not write.
    """
    run = RunLog(path.name.removesuffix(".jsonl").removesuffix(".log"))
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines[:-1], 1):
        try:
            record = json.loads(line, parse_constant=_refuse)
            if not isinstance(record, dict):
                raise WrongValue(f"found {type(record).__name__}, expected an object")
            _add(run, record)
        except WrongValue as error:
            where = f"{error.path}: " if error.path else ""
            raise FormatError(f"{path}: line {number}: {where}{error}") from None
        except (ValueError, RecursionError, OverflowError):
            raise FormatError(
                f"{path}: line {number}: not JSON, expected the log of `treelet train`"
            ) from None
    if not run.started:
        raise FormatError(f"{path}: no line tells of a start, expected the log of `treelet train`")
    return run


def _add(run: RunLog, record: dict[str, Any]) -> None:
    """A run that was resumed comes back to numbers of words that were there: the later records stand."""
    kind = record.get("event")
    for name in ("losses", "scores"):
        if isinstance(found := record.get(name), dict):
            record[name] = {key: math.nan if value is None else value for key, value in found.items()}
    if kind == "started":
        run.started, run.reason = record, ""
    elif kind == "prepared":
        run.prepared = PreparedRecord.read(record)
    elif kind == "steps":
        _add_in_order(run.steps, StepsRecord.read(record))
    elif kind == "evaluated":
        _add_in_order(run.evaluations, EvaluatedRecord.read(record))
    elif kind == "finished":
        run.reason = str(record.get("reason", ""))


def _add_in_order(records: list[Any], new: Any) -> None:
    while records and records[-1].words >= new.words:
        records.pop()
    records.append(new)


def _refuse(constant: str) -> float:
    raise ValueError(constant)
