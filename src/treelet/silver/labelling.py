"""Raw texts and teachers in, a cache of silver documents out: in several processes, stopped and gone on with.

The texts of a file are dealt to its shards in turn, text i to shard i modulo their number, so that each shard
is an even sample of it. Asking for so many words labels the first shards, of every file as many until a small
one has no more; asking for more later adds others.
What a shard holds depends neither on the processes nor on what was labelled before.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.languages import Tokenizer
from treelet.package import Manifest, read_package
from treelet.package.manifest import manifest_to_json
from treelet.pipeline import load
from treelet.silver.cache import INDEX_FILE, Shard, SilverCache, open_cache, write_shard
from treelet.silver.teachers import annotated
from treelet.silver.texts import raw_words, texts

SHARD_WORDS = 20_000
TEXT_WORDS = 250
"""Words of a text at most, where it is put together from paragraphs."""


@dataclass(frozen=True)
class Labelling:
    """What is asked for."""

    teachers: Sequence[str | Path]
    raw: Sequence[Path]
    cache: Path
    tokenizer: str  # rules as JSON: the student's, which finds the words
    words: int | None = None  # of raw text, about; None: all
    processes: int = 1
    device: str = "cpu"


@dataclass(frozen=True)
class Labelled:
    """How far it got; the first tells what is there already."""

    shards: int  # that are whole
    of: int  # that are asked for
    words: int  # silver words in them


def label(job: Labelling) -> Iterator[Labelled]:
    """Label what is not there yet.

    Raises TrainingError where the cache was made from something else, FormatError for raw text that cannot be
    read, and what loading a teacher raises.
    """
    if lacking := [path for path in job.raw if not path.is_file()]:
        raise TrainingError(f"{lacking[0]}: no such file")
    words = [0] * len(job.raw)
    for number, text in texts(job.raw, TEXT_WORDS):
        words[number] += raw_words(text)
    if not sum(words):
        raise TrainingError(f"{', '.join(map(str, job.raw))}: hold no prose to label")
    shards = [-(-count // SHARD_WORDS) for count in words]
    in_all, per_shard = sum(shards), sum(words) / sum(shards)
    asked = in_all if job.words is None else min(in_all, max(1, round(job.words / per_shard)))
    cache = _matching_cache(job, _made_from(job, shards))
    yield Labelled(len(cache.shards), max(asked, len(cache.shards)), cache.words)
    missing = [number for number in range(asked) if number not in cache.shards]
    if not missing:
        return
    for shard in _shards(job, _dealt(job.raw, shards, missing)):
        cache.add(shard)
        yield Labelled(len(cache.shards), max(asked, len(cache.shards)), cache.words)


def _made_from(job: Labelling, shards: Sequence[int]) -> dict[str, Any]:
    """All that decides what a shard holds; how many shards each file has."""
    teachers = [read_package(each) for each in job.teachers]
    labels: dict[str, list[str]] = {}
    for teacher in teachers:
        for name, values in teacher.labels.items():
            known = labels.setdefault(name, [])
            known += [value for value in values if value not in known]
    return {
        "teachers": [_about_teacher(each.manifest) for each in teachers],
        "raw": [_about_file(path) for path in job.raw],
        "tokenizer": hashlib.sha256(job.tokenizer.encode("utf-8", "backslashreplace")).hexdigest(),
        "text_words": TEXT_WORDS,
        "shards_in_all": list(shards),
        "annotators": [name for name in ANNOTATOR_TABLE if any(name in t.annotators for t in teachers)],
        "labels": labels,
    }


def _about_teacher(manifest: Manifest) -> dict[str, Any]:
    digest = hashlib.sha256(manifest_to_json(manifest)).hexdigest()
    return {"name": manifest.name, "version": manifest.version, "sha256": digest}


def _about_file(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def _matching_cache(job: Labelling, made_from: Mapping[str, Any]) -> SilverCache:
    if not (job.cache / INDEX_FILE).exists():
        cache = SilverCache(job.cache, made_from)
        cache.write_index()
        return cache
    cache = open_cache(job.cache)
    for name, value in made_from.items():
        if cache.made_from.get(name) != value:
            found = f"{cache.made_from.get(name)!r:.200}, now {value!r:.200}"
            raise TrainingError(
                f"{job.cache}: was made from other {name} ({found}): give another --cache, or remove it"
            )
    return cache


def _dealt(
    raw: Sequence[Path], shards: Sequence[int], wanted: Sequence[int]
) -> Iterator[tuple[int, list[str]]]:
    """The texts of each wanted shard; only those are held in memory."""
    in_turn = sorted((turn, file) for file, count in enumerate(shards) for turn in range(count))
    numbers = {place: number for number, place in enumerate(in_turn)}
    piles: dict[int, list[str]] = {number: [] for number in wanted}
    seen = [0] * len(shards)
    for file, text in texts(raw, TEXT_WORDS):
        turn = seen[file] % shards[file]
        seen[file] += 1
        if (pile := piles.get(numbers[turn, file])) is not None:
            pile.append(text)
    for number in wanted:
        yield number, piles.pop(number)


Task = tuple[int, list[str]]


def _shards(job: Labelling, tasks: Iterator[Task]) -> Iterator[Shard]:
    """Shards as they become whole."""
    if job.processes == 1 and not any(read_package(each).settings.transformer for each in job.teachers):
        worker = Worker(job)  # others in a process of their own: PyTorch's sums depend on its threads
        yield from map(worker, tasks)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(job.processes, context, initializer=_begin_worker, initargs=(job,)) as pool:
        try:
            yield from _bounded(lambda task: pool.submit(_work, task), tasks, 2 * job.processes)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _bounded(submit: Callable[[Task], Future[Shard]], tasks: Iterator[Task], most: int) -> Iterator[Shard]:
    """Results as they come in, no more than `most` tasks under way."""
    running: set[Future[Shard]] = set()
    for task in tasks:
        running.add(submit(task))
        if len(running) == most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (each.result() for each in done)


class Worker:
    """Texts to a shard on disk."""

    def __init__(self, job: Labelling) -> None:
        self._folder, self._tokenizer = job.cache, Tokenizer.from_json(job.tokenizer)
        self._teachers = [load(each) for each in job.teachers]
        self._labels = open_cache(job.cache).labels
        if job.device != "cpu":
            self._teachers = [each.to(job.device) for each in self._teachers]

    def __call__(self, task: Task) -> Shard:
        """Label the texts of one shard and write it."""
        number, found = task
        docs = [Doc.from_columns(self._tokenizer(text)) for text in found]
        kept = [doc for doc in docs if len(doc)]
        return write_shard(self._folder, number, annotated(self._teachers, kept, self._labels))


_worker: list[Worker] = []


def _begin_worker(job: Labelling) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # a process a core; read when a teacher's libraries are loaded
    _worker.append(Worker(job))


def _work(task: Task) -> Shard:
    return _worker[0](task)
