"""Corpora in, a package out, in the order things happen: read, number, teach, evaluate, keep."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from treelet.errors import TrainingError
from treelet.networks.device import Device, find_device
from treelet.networks.network import parameter_count
from treelet.networks.pretrained import read_pretrained
from treelet.package.encoder_file import read_encoder
from treelet.package.rewrite import replace_fields
from treelet.pipeline import load
from treelet.settings import settings_for_teaching
from treelet.teaching.augmentation import Augmentation
from treelet.teaching.batches import batch_sizes, epoch_batches, most_in_batch
from treelet.teaching.coverage import complete_settings
from treelet.teaching.labels import collect_labels
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.memory import check_batch
from treelet.teaching.static_vectors import StaticVectors, read_static_vectors, with_vectors
from treelet.teaching.tokenization import taught_rules
from treelet.training.calibration import CALIBRATED, calibrate
from treelet.training.checkpoint import Checkpoint, Position
from treelet.training.corpus import has_own_text, read_corpora, read_each
from treelet.training.counting import DevFile, told_scores
from treelet.training.distributed import World, find_place, join
from treelet.training.evaluation import Evaluator
from treelet.training.export import Exporter
from treelet.training.job import TrainingJob
from treelet.training.kept import KeepingEvaluator
from treelet.training.more import More, teach_more
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped
from treelet.training.shared_learner import make_learner
from treelet.training.silver import Silver, silver_annotators, silver_labels


def train(job: TrainingJob, device: str = "cpu") -> Iterator[Progress]:
    """Teach a pipeline; the best package so far (or the last: `training.keep`) is always in `job.out`.

    device: where PyTorch computes, such as "cuda"; walks and evaluation stay on the processor. There, the
    same job gives the same weights, bit for bit, on the same kind of processor, stopped and resumed or not.
    Raises TrainingError, FormatError, SettingsError before any teaching when the data, the settings or the
    device cannot work.
    """
    place = find_place()
    found = find_device(place.device(device))
    if not job.train or not job.dev:
        raise TrainingError("training needs at least one file to teach from and one to measure on")
    with join(place, found) as world, _quiet_collector() as read:
        start = [job.start] if job.start else []
        if lacking := [path for path in (*job.train, *job.dev, *job.raw, *start) if not path.is_file()]:
            raise TrainingError(f"{lacking[0]}: no such file")
        checkpoint = Checkpoint(job, world.size)
        if world.on_first(checkpoint.is_finished):
            yield Finished(job.out, "the package is finished: there is nothing to resume")
            return
        run = _prepare(job, found, checkpoint, world)
        read()
        yield run.prepared()
        yield from _teach(run)


@dataclass
class _Run:
    """All that a run works with."""

    learner: Learner
    lessons: Sequence[Lesson]
    documents: int
    exporter: Exporter
    dev: Sequence[DevFile]
    evaluator: Evaluator | KeepingEvaluator
    checkpoint: Checkpoint
    world: World
    augmentation: Augmentation
    more: More | None = None  # than a run without a base package has
    silver: Silver | None = None

    def portion(self, number: int) -> Sequence[Lesson]:
        """What a pass teaches, counted from 1."""
        if self.silver is not None:
            return self.silver.beside(self.lessons, number)
        return [*self.lessons, *(self.more.rehearsal.portion(number) if self.more else ())]

    def words(self) -> int:
        """Of all passes."""
        passes = range(1, self.learner.settings.training.epochs + 1)
        if self.more is None:
            silver = sum(map(self.silver.words_of, passes)) if self.silver else 0
            return sum(map(len, self.lessons)) * len(passes) + silver
        return sum(len(lesson) for number in passes for lesson in self.portion(number))

    def prepared(self) -> Prepared:
        """What has been read."""
        settings = self.learner.settings
        modules = (self.learner.network, self.learner.transformer)
        parameters = sum(parameter_count(module) for module in modules if module is not None)
        passes = settings.training.epochs
        return Prepared(self.documents, self.words() // passes, settings.annotators(), parameters, passes)


def _prepare(job: TrainingJob, device: Device, checkpoint: Checkpoint, world: World) -> _Run:
    if job.base is not None:
        if job.start is not None:
            raise TrainingError("start: a network begins there or from its base package: leave one out")
        if job.silver is not None:
            raise TrainingError("silver: a base package rehearses what it knows by itself: leave one out")
        return _prepare_more(job, device, checkpoint, world)
    given = settings_for_teaching(job.settings, job.vectors is not None)
    docs = read_corpora(job.train, job.label_map, given.language)
    read = read_each(job.dev, job.label_map, given.language)
    dev = [DevFile(each, has_own_text(path)) for each, path in zip(read, job.dev, strict=True)]
    settings = complete_settings(given, docs, silver_annotators(job, read))
    vectors: StaticVectors | None = None
    if job.vectors is not None:
        vectors = read_static_vectors(
            job.vectors, settings.encoder.vector_words, settings.encoder.vector_rows
        )
        settings = with_vectors(settings, vectors)
    pretrained = None if job.transformer is None else read_pretrained(job.transformer)
    labels = silver_labels(job, collect_labels(docs, settings), settings)
    learner = make_learner(world, settings, labels, vectors, device, pretrained)
    settings = learner.settings
    if job.start is not None:
        learner.take_over(read_encoder(job.start, settings).arrays, {})
    lessons = learner.lessons(docs)
    silver = Silver(job, learner, sum(map(len, lessons))) if job.silver is not None else None
    at_once = most_in_batch(lessons, settings.training) if silver is None else silver.most_in_batch(lessons)
    check_batch(settings, learner.labels, at_once)
    own = read_corpora(job.words_from, job.label_map, given.language) if job.words_from else docs
    rules = taught_rules(settings.language, own)
    teacher = {} if learner.transformer is None else {"teacher": learner.transformer.told}
    exporter = Exporter(job.out, settings, learner.labels, rules, {**job.manifest, **teacher})
    world.on_first(exporter.open)
    evaluator = Evaluator([doc for each in read for doc in each], settings)
    change = learner.augmentation()
    fixed = learner, lessons, len(docs), exporter, dev, evaluator, checkpoint, world, change
    return _Run(*fixed, silver=silver)


def _prepare_more(job: TrainingJob, device: Device, checkpoint: Checkpoint, world: World) -> _Run:
    more = teach_more(job, device, world)
    learner, lessons = more.learner, more.lessons
    at_once = most_in_batch([*lessons, *more.rehearsal.lessons], learner.settings.training)
    check_batch(learner.settings, learner.labels, at_once)
    manifest = more.base.manifest_with(job.manifest, learner.settings)
    exporter = Exporter(job.out, learner.settings, learner.labels, more.base.rules, manifest)
    world.on_first(exporter.open)
    change = learner.augmentation()
    dev, evaluator = more.dev, more.evaluator
    return _Run(learner, lessons, more.documents, exporter, dev, evaluator, checkpoint, world, change, more)


@contextmanager
def _quiet_collector() -> Iterator[Callable[[], None]]:
    """Python's collector sleeps while data are read, and is told by a call that they have been.

    From then on it leaves alone what there is: it would find nothing, again and again, among the documents.
    """
    was_enabled = gc.isenabled()
    gc.disable()

    def read() -> None:
        gc.freeze()
        if was_enabled:
            gc.enable()

    try:
        yield read
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _teach(run: _Run) -> Iterator[Progress]:
    learner, training, world = run.learner, run.learner.settings.training, run.world
    learner.plan_words(words := run.words())
    at = world.on_first(partial(_begin, run))
    world.spread(learner.optimizer)
    if run.silver is not None:
        for number in range(1, at.epoch):  # words are numbered when first needed: in the same order
            run.augmentation.of_pass(run.portion(number), number)
    clock = time.monotonic() - at.seconds
    while at.epoch <= training.epochs and at.waited < training.patience:
        for batch, seed in _rest_of_pass(run, at):
            losses = learner.step(batch, seed, at.taught * training.epochs / words)
            at.add(sum(map(len, batch)), losses)
            yield Stepped(at.epoch, at.taught, losses)
            at.seconds = time.monotonic() - clock
            if world.is_first:
                run.checkpoint.save_when_due(learner, at)
        at, evaluated = world.on_first(partial(_evaluate, run, at, clock))
        yield evaluated
    finished = world.on_first(partial(_finish, run, at))
    if run.more:
        yield world.on_first(partial(run.more.compared_with, finished.path))
    yield finished


def _begin(run: _Run) -> Position:
    at = run.checkpoint.restore(run.learner) or Position()
    run.exporter.scores = at.scores
    return at


def _evaluate(run: _Run, at: Position, clock: float) -> tuple[Position, Evaluated]:
    """The pass is over: where that leaves the run, and what to tell of it."""
    learner, exporter = run.learner, run.exporter
    files = learner.transformer_files()
    scores, score = run.evaluator.evaluate(exporter.write_candidate(learner.arrays(), files))
    is_best = score > at.best
    if is_best or learner.settings.training.keep == "last":
        exporter.keep(learner.arrays(), scores, files)
    at.seconds = time.monotonic() - clock
    evaluated = Evaluated(at.epoch, at.taught, at.seconds, at.means(), scores, score, is_best)
    at.end_pass(score, exporter.scores)
    run.checkpoint.save(learner, at)
    return at, evaluated


def _finish(run: _Run, at: Position) -> Finished:
    exporter = run.exporter
    exporter.change_kept(partial(_complete, run))
    exporter.close()
    run.checkpoint.remove()
    stopped = at.waited >= run.learner.settings.training.patience
    reason = f"no better score in {at.waited} passes" if stopped else f"{at.epoch - 1} passes are done"
    return Finished(exporter.path, reason, exporter.scores)


def _complete(run: _Run, package: Path) -> None:
    """What a package has beyond the parameters of its pass: believable probabilities, all scores of them."""
    docs, only = (run.more.gold_dev(), run.more.calibrated) if run.more else (run.evaluator.docs, CALIBRATED)
    calibrate(package, docs, only)
    nlp = load(package)
    replace_fields(package, **told_scores(nlp, run.dev, nlp.pipe_names))


def _rest_of_pass(run: _Run, at: Position) -> Iterator[tuple[list[Lesson], int]]:
    """Batches that the pass has still to teach, each with a seed; the seed and the pass decide all of it."""
    training = run.learner.settings.training
    random = np.random.default_rng((training.seed, at.epoch))
    sizes = (size * run.world.size for size in islice(batch_sizes(training), at.steps - at.batches, None))
    lessons = run.augmentation.of_pass(run.portion(at.epoch), at.epoch)
    for number, batch in enumerate(epoch_batches(lessons, sizes, random)):
        seed = int(random.integers(2**31))
        if number >= at.batches:
            yield batch, seed
