"""Raw text in, a file with a pretrained encoder out: read, number, teach, evaluate, keep the best."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.formats import read_conllu
from treelet.languages import Tokenizer
from treelet.networks.device import find_device
from treelet.networks.network import parameter_count
from treelet.package.encoder_file import write_encoder
from treelet.settings import Settings
from treelet.teaching.batches import batch_sizes, epoch_batches, most_in_batch
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.memory import check_batch
from treelet.teaching.objectives import Characters, Objective, WordVectors
from treelet.teaching.pretraining import Masking, Pretrainer
from treelet.teaching.static_vectors import StaticVectors, read_static_vectors, with_vectors
from treelet.teaching.tokenization import taught_rules
from treelet.training.base import raw_texts
from treelet.training.checkpoint import Checkpoint, Position
from treelet.training.job import TrainingJob
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped

OBJECTIVES = ("characters", "vectors")


@dataclass(frozen=True)
class PretrainingJob:
    """What to read, what to learn from it, and where the encoder goes."""

    raw: Sequence[Path]  # plain text, a line a text; CoNLL-U for its words
    out: Path
    settings: Settings = field(default_factory=Settings)  # annotators of theirs are passed over
    objective: str = "characters"
    vectors: Path | None = None  # what is predicted by "vectors"; else a feature that the encoder reads
    masked: float = 0.15  # share of words that are predicted
    held_out: float = 0.01  # share of texts that are not taught, but measured on
    resume: bool = False  # go on where a run of the same job was stopped
    checkpoint_seconds: float = 60.0  # between two checkpoints within a pass

    def as_training(self) -> TrainingJob:
        """Its files and settings as those of a training, for checkpoint and log."""
        return TrainingJob(
            train=self.raw,
            dev=(),
            out=self.out,
            settings=self.settings,
            vectors=self.vectors,
            resume=self.resume,
            checkpoint_seconds=self.checkpoint_seconds,
        )


def pretrain(job: PretrainingJob, device: str = "cpu") -> Iterator[Progress]:
    """Teach an encoder; the best so far is always in `job.out`.

    Raises TrainingError, FormatError, SettingsError before any teaching when the texts, the settings or the
    device cannot work.
    """
    if lacking := [path for path in job.raw if not path.is_file()]:
        raise TrainingError(f"{lacking[0]}: no such file")
    checkpoint = _Checkpoint(job)
    if checkpoint.is_finished():
        yield Finished(job.out, "the encoder is finished: there is nothing to resume")
        return
    objective, settings, read_by_encoder = _objective(job)
    found = find_device(device)
    learner = Pretrainer(settings, objective, Masking(job.masked), read_by_encoder, found)
    lessons, held_out = _parted(learner.read(raw_docs(job.raw, settings.language)), job)
    training = learner.settings.training
    check_batch(learner.settings, learner.labels, most_in_batch(lessons, training))
    words = sum(map(len, lessons))
    parameters = parameter_count(learner.network)
    yield Prepared(len(lessons) + len(held_out), words, [objective.name], parameters, training.epochs)
    learner.plan_words(words * training.epochs)
    yield from _teach(_Run(job, learner, objective, lessons, held_out, checkpoint))


def raw_docs(paths: Sequence[Path], language: str) -> Iterator[Doc]:
    """Documents of CoNLL-U files as they are, then those of plain text, a line each.

    Plain text is split by the rules of the language, and what the CoNLL-U files add to them.
    Raises FormatError where a file cannot be read.
    """
    treebanks = [path for path in paths if path.suffix.lower() in (".conllu", ".conll")]
    gold = [doc for path in treebanks for doc in read_conllu(path)]
    yield from gold
    tokenizer = Tokenizer(taught_rules(language, gold))
    for path in paths:
        if path not in treebanks:
            yield from (Doc.from_columns(tokenizer(text)) for text in raw_texts(path))


def _objective(job: PretrainingJob) -> tuple[Objective, Settings, StaticVectors | None]:
    """What is predicted, settings that say which vectors the encoder reads, and those vectors."""
    if job.objective not in OBJECTIVES:
        raise TrainingError(f"objective: found {job.objective!r}, expected {' or '.join(OBJECTIVES)}")
    if not 0 < job.masked < 1 or not 0 < job.held_out < 1:
        raise TrainingError(
            f"found {job.masked} masked, {job.held_out} held out; expected shares above 0, below 1"
        )
    encoder, vectors = job.settings.encoder, None
    if job.vectors:
        vectors = read_static_vectors(job.vectors, encoder.vector_words, encoder.vector_rows)
    if job.objective == "characters":
        return Characters(), with_vectors(job.settings, vectors) if vectors else job.settings, vectors
    if vectors is None:
        raise TrainingError("objective vectors: needs the file whose vectors are predicted (--vectors)")
    if encoder.vector_words:
        encoder = replace(encoder, vector_words=0, vector_rows=0)  # limits of what was read
        return WordVectors(vectors), replace(job.settings, encoder=encoder), None
    return WordVectors(vectors), job.settings, None


def _parted(lessons: Sequence[Lesson], job: PretrainingJob) -> tuple[list[Lesson], list[list[Lesson]]]:
    """Lessons to teach, and batches of those held out, by the seed."""
    if len(lessons) < 2:
        raise TrainingError(f"{', '.join(map(str, job.raw))}: expected at least two texts, a line each")
    training = job.settings.training
    order = np.random.default_rng((training.seed, 0)).permutation(len(lessons))
    held_out = [lessons[number] for number in order[: max(1, round(job.held_out * len(lessons)))]]
    kept = [lessons[number] for number in np.sort(order[len(held_out) :])]
    sizes = (float(training.batch_stop) for _ in held_out)
    return kept, list(epoch_batches(held_out, sizes, np.random.default_rng(0)))


@dataclass
class _Run:
    """All that a run works with."""

    job: PretrainingJob
    learner: Pretrainer
    objective: Objective
    lessons: Sequence[Lesson]
    held_out: Sequence[Sequence[Lesson]]
    checkpoint: Checkpoint


def _teach(run: _Run) -> Iterator[Progress]:
    learner, training = run.learner, run.learner.settings.training
    at = run.checkpoint.restore(learner) or Position(best=-math.inf)
    clock = time.monotonic() - at.seconds
    while at.epoch <= training.epochs and at.waited < training.patience:
        for batch, seed in _rest_of_pass(run, at):
            losses = learner.step(batch, seed)
            at.add(sum(map(len, batch)), losses)
            yield Stepped(at.epoch, at.taught, losses)
            at.seconds = time.monotonic() - clock
            run.checkpoint.save_when_due(learner, at)
        yield _evaluate(run, at, clock)
    run.checkpoint.remove()
    stopped = at.waited >= training.patience
    reason = f"no better score in {at.waited} passes" if stopped else f"{at.epoch - 1} passes are done"
    yield Finished(run.job.out, reason, at.scores)


def _rest_of_pass(run: _Run, at: Position) -> Iterator[tuple[list[Lesson], int]]:
    """Batches that the pass has still to teach, each with a seed; the seed and the pass decide all of it."""
    training = run.learner.settings.training
    random = np.random.default_rng((training.seed, at.epoch))
    sizes = islice(batch_sizes(training), at.steps - at.batches, None)
    for number, batch in enumerate(epoch_batches(run.lessons, sizes, random)):
        seed = int(random.integers(2**31))
        if number >= at.batches:
            yield batch, seed


def _evaluate(run: _Run, at: Position, clock: float) -> Evaluated:
    """The pass is over: the encoder is written if it is to be kept, and a checkpoint."""
    learner, job, objective = run.learner, run.job, run.objective
    loss, measure = learner.evaluate(run.held_out)
    scores, score = {"held-out loss": loss, objective.measure: 100 * measure}, 100 * measure
    is_best = score > at.best
    is_kept = is_best or learner.settings.training.keep == "last"
    if is_kept:
        about = {"objective": objective.name, "raw": [path.name for path in job.raw], "passes": at.epoch}
        about |= {"words a pass": sum(map(len, run.lessons)), "language": learner.settings.language}
        write_encoder(job.out, learner.settings, learner.encoder_arrays(), {**about, "scores": scores})
    at.seconds = time.monotonic() - clock
    evaluated = Evaluated(at.epoch, at.taught, at.seconds, at.means(), scores, score, is_best)
    at.end_pass(score, scores if is_kept else at.scores)
    run.checkpoint.save(learner, at)
    return evaluated


class _Checkpoint(Checkpoint):
    """The file `OUT.checkpoint` of a job."""

    def __init__(self, job: PretrainingJob) -> None:
        super().__init__(job.as_training())
        self._pretraining = job

    def is_finished(self) -> bool:
        """Whether the run that is to be resumed came to its end."""
        super().is_finished()
        return self._pretraining.resume and not self.path.exists() and self._pretraining.out.exists()

    def _ingredients(self, learner: Learner) -> Iterator[bytes]:
        job = self._pretraining
        yield f"{job.objective} {job.masked} {job.held_out}".encode()
        yield from super()._ingredients(learner)
