"""Lessons in, the same in a few small arrays out: millions of words of them fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from treelet.teaching.lessons import Lesson

_COLUMNS = [field.name for field in fields(Lesson) if field.name not in ("tags", "wrong")]


class _Column:
    """One column of many lessons behind each other, those that lack it left out."""

    def __init__(self, columns: Sequence[npt.NDArray[Any] | None]) -> None:
        found = [column for column in columns if column is not None]
        lengths = [0 if column is None else len(column) for column in columns]
        self._present = np.array([column is not None for column in columns], bool)
        self._ends = np.cumsum(lengths, dtype=np.int64)
        self._dtype = found[0].dtype if found else np.dtype(np.int64)
        joined = np.concatenate(found) if found else np.zeros(0, self._dtype)
        self._values = joined.astype(_smallest(joined))

    def of(self, number: int) -> npt.NDArray[Any] | None:
        if not self._present[number]:
            return None
        begin = self._ends[number - 1] if number else 0
        return self._values[begin : self._ends[number]].astype(self._dtype)

    @property
    def bytes(self) -> int:
        return self._values.nbytes + self._ends.nbytes + self._present.nbytes


class PackedLessons(Sequence[Lesson]):
    """Lessons as they were given, each made anew when it is asked for. None may have wrong entities."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        assert all(lesson.wrong is None for lesson in lessons)
        self.lengths = np.array([len(lesson) for lesson in lessons], np.int64)
        names = dict.fromkeys(name for lesson in lessons for name in lesson.tags)
        self._tags = {name: _Column([lesson.tags.get(name) for lesson in lessons]) for name in names}
        self._columns = {name: _Column([getattr(lesson, name) for lesson in lessons]) for name in _COLUMNS}

    def __len__(self) -> int:
        return len(self.lengths)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        tags = {name: column.of(number) for name, column in self._tags.items()}
        columns: dict[str, Any] = {name: column.of(number) for name, column in self._columns.items()}
        return Lesson(tags={name: values for name, values in tags.items() if values is not None}, **columns)

    @property
    def bytes(self) -> int:
        """Of memory, about."""
        return sum(column.bytes for column in (*self._tags.values(), *self._columns.values()))


class Joined(Sequence[Lesson]):
    """Lessons that are there, then others that a call makes when they are asked for."""

    def __init__(self, lessons: Sequence[Lesson], others: int, other: Callable[[int], Lesson]) -> None:
        """other: one of the others, by its number from 0."""
        self._lessons, self._others, self._other = lessons, others, other

    def __len__(self) -> int:
        return len(self._lessons) + self._others

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        number, first = range(len(self))[number], len(self._lessons)
        return self._lessons[number] if number < first else self._other(number - first)


def _smallest(values: npt.NDArray[Any]) -> npt.DTypeLike:
    """The smallest integer type that holds all values, and no other than their own for none."""
    if not values.size or values.dtype.kind not in "iu":
        return values.dtype
    low, high = int(values.min()), int(values.max())
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return kind
    return values.dtype
