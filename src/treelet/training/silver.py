"""A cache of silver documents in, what each pass teaches of it beside gold out.

Passes take silver in turn, from the start again when all has been. A shard is read when a pass first needs
it, numbered, and kept in small arrays (about 40 bytes a word).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from treelet.annotators.choices import OUTPUTS, Choices
from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.settings import Settings
from treelet.silver.cache import Shard, SilverCache, open_cache
from treelet.silver.gaps import with_gaps
from treelet.teaching.coverage import taught_by
from treelet.teaching.labels import Labels
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.packed import Joined, PackedLessons
from treelet.training.job import TrainingJob

_STREAM = 0x736F66  # keeps these draws apart from those of the batches, whose seed and pass they share


@dataclass(frozen=True)
class _Read:
    """A shard: lessons, document and first word of each, what a teacher holds possible of the tags."""

    lessons: PackedLessons
    documents: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    choices: Mapping[str, Choices]


class Silver:
    """Lessons of the silver documents of a run."""

    def __init__(self, job: TrainingJob, learner: Learner, gold_words: int) -> None:
        """Raises TrainingError for an empty or damaged cache, and where no pass is left to it."""
        self._cache, self._learner, self._label_map = _cache(job), learner, dict(job.label_map)
        training = learner.settings.training
        self._passes = max(0, training.epochs - training.gold_passes)
        if training.silver and not self._passes:
            raise TrainingError(
                f"training.gold_passes, {training.gold_passes}, leaves none of training.epochs, "
                f"{training.epochs}, to silver: lower it"
            )
        self._shards = [self._cache.shards[number] for number in sorted(self._cache.shards)]
        lengths = [self._cache.lengths(shard) for shard in self._shards]
        self._lengths = np.concatenate(lengths) if lengths else np.zeros(0, np.int64)
        if not self._lengths.size:
            raise TrainingError(f"{self._cache.folder}: holds no words: label texts first")
        self._ends = np.cumsum(self._lengths)
        self._first = np.cumsum([0, *map(len, lengths)])  # document of each shard
        self.words = round(training.silver * gold_words)  # in a pass
        self._read: list[_Read] = []

    def words_of(self, number: int) -> int:
        """Silver words of a pass, counted from 1."""
        return int(self._lengths[self._documents(number)].sum())

    def most_in_batch(self, lessons: Sequence[Lesson]) -> int:
        """Words of the largest batch that there can be of gold and silver."""
        training = self._learner.settings.training
        longest = int(self._lengths.max())
        if training.most_words:
            longest = min(longest, training.most_words)
        longest = max([longest, *map(len, lessons)])
        return min(training.batch_stop - 1 + longest, sum(map(len, lessons)) + int(self._ends[-1]))

    def beside(self, gold: Sequence[Lesson], number: int) -> Sequence[Lesson]:
        """The gold lessons, and those of the pass behind them."""
        documents = self._documents(number)
        if not documents.size:
            return gold
        self._read_up_to(number)
        places = [
            (shard, lesson)
            for shard, read in enumerate(self._read)
            for lesson in np.flatnonzero(np.isin(read.documents, documents)).tolist()
        ]
        return Joined(gold, len(places), lambda n: self._lesson(number, *places[n]))

    def _lesson(self, number: int, shard: int, lesson: int) -> Lesson:
        """One of a pass, its tags drawn from the teacher's choices, by the seed, where that is asked for."""
        read, training = self._read[shard], self._learner.settings.training
        found: Lesson = read.lessons[lesson]
        random = np.random.default_rng((training.seed, number, shard, lesson, _STREAM))
        if not read.choices or random.random() >= training.soft_tags:
            return found
        begin, end = int(read.starts[lesson]), int(read.starts[lesson]) + len(found)
        drawn = {
            name: read.choices[name].part(begin, end).drawn(labels, random)
            for name, labels in found.tags.items()
            if name in read.choices
        }
        return replace(found, tags={**found.tags, **drawn})

    def _documents(self, number: int) -> np.ndarray:
        """Numbers of the documents of a pass: those behind the ones of the pass before."""
        if number > self._passes or not self.words:
            return np.zeros(0, np.int64)
        behind = (self._ends - self._lengths - (number - 1) * self.words) % self._ends[-1]
        return np.flatnonzero(behind < self.words)

    def _read_up_to(self, number: int) -> None:
        """Read what this and the passes before it need, always in the same order: it numbers the words."""
        last = np.searchsorted(self._ends, min(number * self.words, int(self._ends[-1])))
        needed = int(np.searchsorted(self._first, last, "right"))
        for shard in self._shards[len(self._read) : needed]:
            found = self._cache.read(shard, self._label_map)
            least, types = self._learner.settings.training.least_confidence, self._learner.labels.ner
            lessons = PackedLessons(self._learner.lessons(with_gaps(each, least, types) for each in found))
            starts = np.cumsum(lessons.lengths) - lessons.lengths
            ends = np.cumsum([len(each.doc) for each in found])
            documents = self._first[len(self._read)] + np.searchsorted(ends, starts, "right")
            self._read.append(_Read(lessons, documents, starts, self._choices(shard)))

    def _choices(self, shard: Shard) -> dict[str, Choices]:
        """By the name of the output that learns them, with the learner's numbers; none that nobody wants."""
        if not self._learner.settings.training.soft_tags:
            return {}
        found, sets = {}, self._learner.labels
        for name, choices in self._cache.choices(shard).items():
            at = {label: number for number, label in enumerate(getattr(sets, name))}
            numbers = np.array([at.get(label, -1) for label in self._cache.labels[name]], np.int16)
            found[OUTPUTS[name]] = choices.numbered(numbers)
        return found


def silver_annotators(job: TrainingJob, dev: Sequence[Sequence[Doc]]) -> list[str]:
    """Annotators that silver teaches, gold or not: those of the teachers that can be measured."""
    if job.silver is None:
        return []
    measured = taught_by([doc for docs in dev for doc in docs])
    return [name for name in _cache(job).annotators if name in measured]


def silver_labels(job: TrainingJob, gold: Labels, settings: Settings) -> Labels:
    """The labels of gold; where an annotator of the settings has none of a kind there, the teachers'."""
    if job.silver is None:
        return gold
    found = {name: list(each) for name, each in _cache(job).labels.items()}
    if job.label_map:
        renamed = [job.label_map.get(name, name) for name in found.get("ner", [])]
        found["ner"] = [name for name in dict.fromkeys(renamed) if name not in ("", "-")]
    kinds = [kind for name in settings.annotators() for kind in ANNOTATOR_TABLE[name].label_sets]
    if gold.left or gold.right:
        kinds = [kind for kind in kinds if kind not in ("left", "right")]
    return replace(gold, **{kind: getattr(gold, kind) or found.get(kind, []) for kind in kinds})


def _cache(job: TrainingJob) -> SilverCache:
    assert job.silver is not None
    return open_cache(job.silver)
