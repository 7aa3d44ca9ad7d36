"""The lessons of a pass in, the same out, some with their words in another case or with other marks.

Upper case is all that tells "US" from "us", and a network taught on edited text alone learns to lean on it.
Labels stay as they are; an edit tree becomes the one from the changed form to the same lemma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.doc import Doc
from treelet.settings import TrainingSettings
from treelet.teaching.lessons import Ints, Lesson
from treelet.teaching.packed import Joined
from treelet.teaching.pieces import part
from treelet.teaching.word_types import WordTypes

TYPOGRAPHIC = {"--": "—", "-": "–", "...": "…", "``": "“", "''": "”"}
PLAIN = {"—": "--", "–": "-", "…": "...", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
FINAL_MARKS = {".", "!", "?", "…", "..."}
OPENING, CLOSING = "“", "”"
_STREAM = 0x617567  # keeps these draws apart from those of the batches, whose seed and pass they share


def other_marks(word: str) -> str:
    """Plain quotes, dashes and ellipses become typographic ones, typographic ones plain."""
    if word == '"':
        return CLOSING
    changed = TYPOGRAPHIC.get(word) or PLAIN.get(word)
    return changed or word.translate({ord("'"): "’", ord("’"): "'", ord("‘"): "'"})


def title_case(word: str) -> str:
    """The first character in upper case, the others as they are: a word of a headline."""
    return word[:1].upper() + word[1:]


CASES = {"augment_lower": str.lower, "augment_upper": str.upper, "augment_title": title_case}
"""The setting that says how often, and what becomes of a word."""


class Augmentation:
    """What of the lessons changes in each pass: the seed, the pass and the lessons decide all of it."""

    def __init__(self, settings: TrainingSettings, types: WordTypes, trees: Sequence[str]) -> None:
        """Number the changed forms of all types that there are, about 460 bytes for each that is new.

        trees: the lemmatizer's labels.
        """
        self._settings, self._types, self._trees = settings, types, trees
        self._numbers = {tree: number for number, tree in enumerate(trees)}
        self._lemmas: dict[tuple[int, int, int], int] = {}  # type, label, changed type -> label
        self._shares = [(getattr(settings, name), change) for name, change in CASES.items()]
        self._asked = any((settings.augment_marks, settings.augment_final, *(x for x, _ in self._shares)))
        none = np.zeros(0, np.int64)
        self._marks, self._cases = none, [none for _ in CASES]
        self._words: list[str] = []
        self._quotes = (-1, -1)  # types of the plain quote and of the opening one
        self.cover()

    def of_pass(self, lessons: Sequence[Lesson], number: int) -> Sequence[Lesson]:
        """The lessons of a pass, counted from 1, in their order, each changed when it is asked for."""
        if not self._asked:
            return lessons
        random = np.random.default_rng((self._settings.seed, number, _STREAM))
        chances = random.random((len(lessons), 3))
        return Joined((), len(lessons), lambda n: self._changed(lessons[n], chances[n].tolist()))

    def cover(self) -> None:
        """Number what the types become that are new since the last time.

        To be called whenever lessons have been made: numbers of types then follow from the order of the
        lessons alone, and a run that is resumed has those of one that was never stopped.
        """
        if not self._asked or len(self._types) == len(self._words):
            return
        first = len(self._marks)
        words = self._types.words()[first:]
        if self._settings.augment_marks:
            plain, opening = self._types.add(Doc(['"', OPENING])).tolist()
            self._quotes = plain, opening
            changed = self._types.add(Doc([other_marks(word) for word in words]))
        else:
            changed = np.arange(first, first + len(words))
        same = np.arange(first + len(words), len(self._types))  # other marks: their case alone may change
        self._marks = np.concatenate([self._marks, changed, same])
        words = self._types.words()[first:]
        for at, (share, change) in enumerate(self._shares):
            if share:
                twins = self._types.add(Doc([change(word) for word in words]))
                self._cases[at] = np.concatenate([self._cases[at], twins])
        self._words = self._types.words()

    def _changed(self, lesson: Lesson, chances: Sequence[float]) -> Lesson:
        case, marks, final = chances
        if final < self._settings.augment_final and len(lesson) > 1 and self._ends(lesson):
            lesson = part(lesson, 0, len(lesson) - 1)
        types = lesson.types
        if marks < self._settings.augment_marks:
            types = self._with_other_marks(types)
        for (share, _), twins in zip(self._shares, self._cases, strict=True):
            if case < share:
                types = twins[types]
                break
            case -= share
        return lesson if (types == lesson.types).all() else self._with_types(lesson, types)

    def _ends(self, lesson: Lesson) -> bool:
        return self._words[lesson.types[-1]] in FINAL_MARKS

    def _with_other_marks(self, types: Ints) -> Ints:
        """Every other plain quote opens: which one it is, its form does not tell."""
        changed: Ints = self._marks[types]
        plain, opening = self._quotes
        changed[np.flatnonzero(types == plain)[::2]] = opening
        return changed

    def _with_types(self, lesson: Lesson, types: Ints) -> Lesson:
        tags = lesson.tags
        if "lemmatizer" in tags:
            tags = {**tags, "lemmatizer": self._lemma_labels(tags["lemmatizer"], lesson.types, types)}
        changed = replace(lesson, types=types, tags=tags)
        if lesson.gaps is None or lesson.gap_starts is None:
            return changed
        gaps = self._gap_rows(lesson.gaps, types)
        starts = np.where((gaps >= 0).any(axis=1), lesson.gap_starts, np.int8(0))
        return replace(changed, gaps=gaps, gap_starts=starts)

    def _lemma_labels(self, labels: Ints, types: Ints, changed: Ints) -> Ints:
        """Labels of trees from changed forms to the same lemmas; -1 where there is none."""
        found: Ints = labels.copy()
        for at in np.flatnonzero((types != changed) & (labels >= 0)).tolist():
            key = int(types[at]), int(labels[at]), int(changed[at])
            label = self._lemmas.get(key)
            if label is None:
                label = self._lemmas[key] = self._lemma_label(*key)
            found[at] = label
        return found

    def _lemma_label(self, word: int, label: int, changed: int) -> int:
        lemma = _core.apply_edit_tree(self._trees[label], self._words[word])
        return -1 if lemma is None else self._numbers.get(_core.edit_tree(self._words[changed], lemma), -1)

    def _gap_rows(self, gaps: Ints, types: Ints) -> Ints:
        """Rows of the gaps between changed words; missing before the first, whose neighbour is not here."""
        is_gap = (gaps >= 0).any(axis=1)  # not so inside a multi-word token, where no blank is
        blanks: npt.NDArray[np.bool_] = is_gap & (gaps[:, 0] != 0)  # row 0 of the first group: no space
        words = [self._words[number] for number in types.tolist()]
        rows: Ints = _core.gap_rows(Doc(words, [*blanks[1:].tolist(), False]).columns).astype(np.int64)
        rows[:, 0] = gaps[:, 0]  # a Doc of words knows single blanks alone
        rows[~is_gap] = -1
        rows[0] = -1
        return rows
