"""A run that is under way to a file and back: one safetensors file beside the package, replaced as a whole.

Killed at any moment, a run goes on from the last checkpoint and ends with the same weights, bit for bit.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from treelet import __version__
from treelet.errors import PackageError, TrainingError
from treelet.package.files import DATA_FILES
from treelet.package.find import choose_place
from treelet.package.safetensors import Tensor, read_notes, read_tensors, to_array, write_tensors
from treelet.package.source import open_source
from treelet.package.writer import write_file
from treelet.settings import settings_to_toml
from treelet.silver.cache import INDEX_FILE
from treelet.teaching.learner import Learner
from treelet.training.job import TrainingJob


@dataclass
class Position:
    """How far a run is, all but the parameters."""

    epoch: int = 1  # the pass that is being taught
    batches: int = 0  # of it that are done
    steps: int = 0  # of all passes
    taught: int = 0  # words
    best: float = -1.0  # score
    waited: int = 0  # evaluations without a better one
    seconds: float = 0.0  # of teaching
    words_since: int = 0  # the last evaluation
    sums: dict[str, float] = field(default_factory=dict)  # of losses since then
    scores: dict[str, float] = field(default_factory=dict)  # of the package that is kept

    def add(self, words: int, losses: dict[str, float]) -> None:
        """A batch has been taught."""
        self.batches, self.steps = self.batches + 1, self.steps + 1
        self.taught, self.words_since = self.taught + words, self.words_since + words
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value * words

    def means(self) -> dict[str, float]:
        """Losses per word since the last evaluation."""
        return {name: total / self.words_since for name, total in self.sums.items()}

    def end_pass(self, score: float, kept_scores: dict[str, float]) -> None:
        """A pass has been evaluated."""
        self.waited = 0 if score > self.best else self.waited + 1
        self.best, self.scores = max(score, self.best), kept_scores
        self.epoch, self.batches, self.words_since, self.sums = self.epoch + 1, 0, 0, {}


class Checkpoint:
    """The file `OUT.checkpoint` of a job."""

    def __init__(self, job: TrainingJob, processes: int = 1) -> None:
        """processes: how many teach together."""
        self.path = job.out.with_name(job.out.name + ".checkpoint")
        self._job, self._processes, self._saved = job, processes, time.monotonic()
        self._made_from = ""

    def is_finished(self) -> bool:
        """Whether the run that is to be resumed came to its end.

        Raises TrainingError when there is a checkpoint that nobody asked to resume.
        """
        if self.path.exists() and not self._job.resume:
            raise TrainingError(
                f"{self.path}: a run was stopped here; --resume goes on with it, "
                "removing the file starts anew"
            )
        return self._job.resume and not self.path.exists() and (self._job.out / "manifest.json").exists()

    def save_when_due(self, learner: Learner, at: Position) -> None:
        """Save if the last checkpoint is old enough."""
        if time.monotonic() - self._saved >= self._job.checkpoint_seconds:
            self.save(learner, at)

    def save(self, learner: Learner, at: Position) -> None:
        """Write all that the rest of the run depends on."""
        tensors = {
            name: Tensor("F32", array.shape, array.astype("<f4").tobytes())
            for name, array in learner.state().items()
        }
        schedule = learner.optimizer.schedule
        notes = {
            "treelet": __version__,
            "job": self._fingerprint(learner),
            "position": json.dumps(asdict(at)),
            "schedule": json.dumps([schedule.taught, schedule.steps]),
        }
        write_file(self.path, write_tensors(tensors, notes))
        self._saved = time.monotonic()

    def restore(self, learner: Learner) -> Position | None:
        """Put the learner where the file left off; None without a file.

        Raises TrainingError for a damaged file, or one of other data or settings.
        """
        if not self.path.exists():
            return None
        try:
            arrays = {name: to_array(tensor) for name, tensor in read_tensors(self.path).items()}
            notes = read_notes(self.path)
            at = Position(**json.loads(notes["position"]))
            taught, steps = json.loads(notes["schedule"])
        except (PackageError, KeyError, TypeError, ValueError) as error:
            raise TrainingError(
                f"{self.path}: is no checkpoint, or a damaged one ({error}): remove it to start anew"
            ) from None
        if notes.get("job") != self._fingerprint(learner):
            raise TrainingError(
                f"{self.path}: was made by treelet {notes.get('treelet')} from other files or settings, "
                "or by more or fewer processes: give those again, or remove it to start anew"
            )
        expected = {name: array.shape for name, array in learner.state().items()}
        if {name: array.shape for name, array in arrays.items()} != expected:
            raise TrainingError(f"{self.path}: does not fit the network: remove it to start anew")
        learner.restore(arrays)
        learner.optimizer.schedule.taught, learner.optimizer.schedule.steps = int(taught), int(steps)
        return at

    def remove(self) -> None:
        """The run is finished."""
        self.path.unlink(missing_ok=True)

    def _fingerprint(self, learner: Learner) -> str:
        """Of all that decides what the run makes."""
        if not self._made_from:
            digest = hashlib.sha256()
            for part in self._ingredients(learner):
                digest.update(hashlib.sha256(part).digest())
            self._made_from = digest.hexdigest()
        return self._made_from

    def _ingredients(self, learner: Learner) -> Iterator[bytes]:
        job = self._job
        yield f"{__version__} {learner.device.name} {self._processes}".encode()
        yield settings_to_toml(learner.settings).encode()
        yield json.dumps([sorted(job.label_map.items()), asdict(learner.labels)]).encode()
        start = [[job.start]] if job.start else []
        for files in (job.train, job.dev, [job.vectors] if job.vectors else [], *start):
            yield str(len(files)).encode()
            yield from (path.read_bytes() for path in files)
        if job.transformer is not None:
            for path in sorted(path for path in job.transformer.iterdir() if path.is_file()):
                yield f"{path.name} {path.stat().st_size}".encode()
        if job.silver is not None:
            yield (job.silver / INDEX_FILE).read_bytes()
        if job.base is not None:
            yield f"base {job.rehearse} {list(job.freeze)} {len(job.raw)}".encode()
            yield from (path.read_bytes() for path in job.raw)
            with open_source(choose_place(job.base)) as source:
                for name in DATA_FILES:
                    with source.open(name) as file:
                        yield file.read(file.size)
