"""Corpora in, a package out, in the order things happen: read, number, teach, evaluate, keep the best."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np

from treelet.errors import TrainingError
from treelet.networks.device import Device, find_device
from treelet.networks.network import parameter_count
from treelet.settings import settings_for_teaching
from treelet.teaching.batches import batch_sizes, epoch_batches, most_in_batch
from treelet.teaching.coverage import complete_settings
from treelet.teaching.labels import collect_labels, usable_labels
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.memory import check_batch
from treelet.teaching.static_vectors import StaticVectors, read_static_vectors, with_vectors
from treelet.teaching.tokenization import taught_rules
from treelet.training.calibration import calibrate
from treelet.training.checkpoint import Checkpoint, Position
from treelet.training.corpus import read_corpora
from treelet.training.evaluation import Evaluator
from treelet.training.export import Exporter
from treelet.training.job import TrainingJob
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped


def train(job: TrainingJob, device: str = "cpu") -> Iterator[Progress]:
    """Teach a pipeline; the best package so far is always in `job.out`.

    device: where PyTorch computes, such as "cuda"; walks and evaluation stay on the processor. There, the
    same job gives the same weights, bit for bit, on the same kind of processor, stopped and resumed or not.
    Raises TrainingError, FormatError, SettingsError before any teaching when the data, the settings or the
    device cannot work.
    """
    found = find_device(device)
    if not job.train or not job.dev:
        raise TrainingError("training needs at least one file to teach from and one to measure on")
    checkpoint = Checkpoint(job)
    if checkpoint.is_finished():
        yield Finished(job.out, "the package is finished: there is nothing to resume")
        return
    with _quiet_collector() as read:
        run = _prepare(job, found, checkpoint)
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
    evaluator: Evaluator
    checkpoint: Checkpoint

    def prepared(self) -> Prepared:
        """What has been read."""
        words, settings = sum(map(len, self.lessons)), self.learner.settings
        parameters, passes = parameter_count(self.learner.network), settings.training.epochs
        return Prepared(self.documents, words, settings.annotators(), parameters, passes)


def _prepare(job: TrainingJob, device: Device, checkpoint: Checkpoint) -> _Run:
    given = settings_for_teaching(job.settings, job.vectors is not None)
    docs, dev = (read_corpora(paths, job.label_map, given.language) for paths in (job.train, job.dev))
    settings = complete_settings(given, docs)
    vectors: StaticVectors | None = None
    if job.vectors is not None:
        vectors = read_static_vectors(job.vectors, settings.encoder.vector_words)
        settings = with_vectors(settings, vectors)
    learner = Learner(settings, usable_labels(collect_labels(docs, settings), settings), vectors, device)
    lessons = learner.lessons(docs)
    check_batch(settings, learner.labels, most_in_batch(lessons, settings.training))
    rules = taught_rules(settings.language, docs)
    exporter = Exporter(job.out, settings, learner.labels, rules, job.manifest)
    return _Run(learner, lessons, len(docs), exporter, Evaluator(dev, settings), checkpoint)


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
    learner, training, exporter = run.learner, run.learner.settings.training, run.exporter
    learner.plan_words(sum(map(len, run.lessons)) * training.epochs)
    at = run.checkpoint.restore(learner) or Position()
    exporter.scores = at.scores
    clock = time.monotonic() - at.seconds
    while at.epoch <= training.epochs and at.waited < training.patience:
        for batch, seed in _rest_of_pass(run, at):
            words = sum(map(len, batch))
            losses = learner.step(batch, seed, at.taught / sum(map(len, run.lessons)))
            at.add(words, losses)
            yield Stepped(at.epoch, at.taught, losses)
            at.seconds = time.monotonic() - clock
            run.checkpoint.save_when_due(learner, at)
        scores, score = run.evaluator.evaluate(exporter.write_candidate(learner.arrays()))
        is_best = score > at.best
        if is_best:
            exporter.keep(learner.arrays(), scores)
        at.seconds = time.monotonic() - clock
        evaluated = Evaluated(at.epoch, at.taught, at.seconds, at.means(), scores, score, is_best)
        at.end_pass(score, exporter.scores)
        run.checkpoint.save(learner, at)
        yield evaluated
    exporter.change_best(lambda package: calibrate(package, run.evaluator.docs))
    exporter.close()
    run.checkpoint.remove()
    stopped = at.waited >= training.patience
    reason = f"no better score in {at.waited} passes" if stopped else f"{at.epoch - 1} passes are done"
    yield Finished(exporter.path, reason, exporter.scores)


def _rest_of_pass(run: _Run, at: Position) -> Iterator[tuple[list[Lesson], int]]:
    """Batches that the pass has still to teach, each with a seed; the seed and the pass decide all of it."""
    training = run.learner.settings.training
    random = np.random.default_rng((training.seed, at.epoch))
    sizes = islice(batch_sizes(training), at.steps - at.batches, None)
    for number, batch in enumerate(epoch_batches(run.lessons, sizes, random)):
        seed = int(random.integers(2**31))
        if number >= at.batches:
            yield batch, seed
