"""Corpora in, a package out, in the order things happen: read, number, teach, evaluate, keep the best."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from treelet.errors import TrainingError
from treelet.networks.device import Device, find_device
from treelet.networks.network import parameter_count
from treelet.settings import Settings
from treelet.teaching.batches import batch_sizes, epoch_batches
from treelet.teaching.coverage import complete_settings
from treelet.teaching.device_optimizer import make_optimizer
from treelet.teaching.labels import collect_labels, usable_labels
from treelet.teaching.lessons import Lesson, LessonMaker, WordTypes
from treelet.teaching.pieces import pieces
from treelet.teaching.static_vectors import StaticVectors, read_static_vectors
from treelet.teaching.teacher import Teacher
from treelet.teaching.tokenization import taught_rules
from treelet.training.calibration import calibrate
from treelet.training.corpus import read_corpora
from treelet.training.evaluation import Evaluator
from treelet.training.export import Exporter
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped


@dataclass(frozen=True)
class TrainingJob:
    """What to teach from, what to measure on, and where the package goes."""

    train: Sequence[Path]
    dev: Sequence[Path]
    out: Path
    settings: Settings = field(default_factory=Settings)
    label_map: Mapping[str, str] = field(default_factory=dict)  # entity types: old -> new, "" = outside
    vectors: Path | None = None  # pretrained, never updated; settings.encoder.vector_words limits them
    manifest: Mapping[str, Any] = field(default_factory=dict)  # name, version, licence, sources …


def train(job: TrainingJob, device: str = "cpu") -> Iterator[Progress]:
    """Teach a pipeline; the best package so far is always in `job.out`.

    device: where PyTorch computes, such as "cuda"; walks and evaluation stay on the processor. There, the
    same job gives the same weights, bit for bit, on the same kind of processor. Raises TrainingError,
    FormatError, SettingsError before any teaching when the data, the settings or the device cannot work.
    """
    found = find_device(device)
    if not job.train or not job.dev:
        raise TrainingError("training needs at least one file to teach from and one to measure on")
    with _quiet_collector() as read:
        yield from _train(job, found, read)


def _train(job: TrainingJob, device: Device, read: Callable[[], None]) -> Iterator[Progress]:
    """`read` is called when all data has been read."""
    docs, dev = (
        read_corpora(paths, job.label_map, job.settings.language) for paths in (job.train, job.dev)
    )
    settings = complete_settings(job.settings, docs)
    vectors: StaticVectors | None = None
    if job.vectors is not None:
        vectors = read_static_vectors(job.vectors, settings.encoder.vector_words)
        words, length = vectors.table.shape
        encoder = replace(settings.encoder, vector_words=words, vector_length=length)
        settings = replace(settings, encoder=encoder)
    training = settings.training
    torch.manual_seed(training.seed)
    labels = usable_labels(collect_labels(docs, settings), settings)
    teacher = Teacher(settings, labels, device)
    types = WordTypes(settings)
    parser_labels = teacher.system.labels if teacher.system else []
    encoded = LessonMaker(settings, labels, parser_labels, types).make(docs)
    lessons = [piece for lesson in encoded for piece in pieces(lesson, training.most_words)]
    teacher.use_types(types, vectors)
    rules = taught_rules(settings.language, docs)
    exporter = Exporter(job.out, settings, labels, rules, job.manifest, vectors)
    evaluator = Evaluator(dev, settings)
    words = sum(len(lesson) for lesson in lessons)
    read()
    yield Prepared(
        len(encoded), words, settings.annotators(), parameter_count(teacher.network), training.epochs
    )
    with _arithmetic(training.threads):
        yield from _teach(teacher, lessons, exporter, evaluator)


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


@contextmanager
def _arithmetic(threads: int) -> Iterator[None]:
    """As many threads as the settings say, and no denormal numbers, until teaching ends."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(before)
        torch.set_flush_denormal(False)


def _teach(
    teacher: Teacher, lessons: Sequence[Lesson], exporter: Exporter, evaluator: Evaluator
) -> Iterator[Progress]:
    training = teacher.settings.training
    random = np.random.default_rng(training.seed)
    sizes = batch_sizes(training)
    words_in_pass = sum(len(lesson) for lesson in lessons)
    optimizer = make_optimizer(teacher.network, training, words_in_pass * training.epochs, teacher.device)
    clock, taught, best, waited = time.monotonic(), 0, -1.0, 0
    sums: dict[str, float] = {}
    words_since = 0
    for epoch in range(1, training.epochs + 1):
        teacher.network.train()
        for batch in epoch_batches(lessons, sizes, random):
            losses = teacher.losses(batch, seed=int(random.integers(2**31)), passes=taught / words_in_pass)
            torch.stack(list(losses.values())).sum().backward()
            n_words = sum(len(lesson) for lesson in batch)
            optimizer.step(n_words)
            taught, words_since = taught + n_words, words_since + n_words
            values = {name: loss.item() for name, loss in losses.items()}
            for name, value in values.items():
                sums[name] = sums.get(name, 0.0) + value * n_words
            yield Stepped(epoch, taught, values)
        scores, score = evaluator.evaluate(exporter.write_candidate(optimizer.average))
        is_best = score > best
        means = {name: total / words_since for name, total in sums.items()}
        yield Evaluated(epoch, taught, time.monotonic() - clock, means, scores, score, is_best)
        sums, words_since = {}, 0
        waited = 0 if is_best else waited + 1
        if is_best:
            best = score
            exporter.keep(optimizer.average, scores)
        if waited >= training.patience:
            break
    exporter.close()
    calibrate(exporter.path, evaluator.docs)
    stopped = waited >= training.patience
    reason = f"no better score in {waited} passes" if stopped else f"{epoch} passes are done"
    yield Finished(exporter.path, reason, exporter.scores)
