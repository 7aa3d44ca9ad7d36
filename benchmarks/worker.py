"""One system on its cores: a JSON line a request in, a JSON line a measurement out.

    python worker.py treelet|spacy PIPELINE CORE[,CORE…] [EXCLUDED,ANNOTATORS]

Started by contestants.py in the interpreter that has the system; imports the standard library and that
system alone. The first line out tells how long importing and loading took. `seconds` are those of the clock
on the wall, `cpu_seconds` those of the process on all its threads; memory is in MB of 1024 KB.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

WARM_UP_WORDS = 200  # of a document


def read_texts(path: str, times: int = 1) -> Iterator[str]:
    """The texts of a file, line by line, the whole file `times` over."""
    for _ in range(times):
        with open(path, encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)["text"]


def words_of(path: str) -> Iterator[str]:
    """The texts of a file cut at blanks, over and over."""
    for text in chain.from_iterable(repeat(list(read_texts(path)))):
        yield from text.split(" ")


def memory(field: str) -> float:
    """VmHWM, the most there ever was, or VmRSS, what is resident now (Linux)."""
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return float("nan")


class Stopwatch:
    """Both clocks since it was made."""

    def __init__(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def stop(self) -> dict[str, float]:
        wall = time.perf_counter()
        return {"seconds": wall - self.wall, "cpu_seconds": time.process_time() - self.cpu}


class Worker:
    """A loaded pipeline; a method a job, its keywords those of the request."""

    def __init__(self, system: str, pipeline: str, nlp: Any) -> None:
        self.system, self.pipeline, self.nlp = system, pipeline, nlp
        self.texts: list[str] = []
        self.kept: list[Any] = []

    def read(self, path: str, times: int = 1, half: int | None = None) -> dict[str, Any]:
        """Read the texts that the jobs below take: all, or the first (0) or second (1) half."""
        self.texts = list(read_texts(path, times))
        middle = len(self.texts) // 2
        if half is not None:
            self.texts = self.texts[middle:] if half else self.texts[:middle]
        return {"texts": len(self.texts)}

    def folder(self) -> dict[str, Any]:
        """Where the package lies."""
        if self.system == "spacy":
            return {"folder": str(self.nlp.path)}
        from treelet.package.find import find_package

        return {"folder": str(find_package(self.pipeline))}

    def pipe(self, batch_size: int = 64, keep: bool = True, threads: int = 1) -> dict[str, Any]:
        """Annotate all texts; docs are kept until all are done, or dropped one by one."""
        watch = Stopwatch()
        if keep:
            docs = list(self._stream(self.texts, batch_size, threads))
            seconds = watch.stop()
            return {**seconds, "words": sum(len(doc) for doc in docs)}
        words = sum(len(doc) for doc in self._stream(self.texts, batch_size, threads))
        return {**watch.stop(), "words": words}

    def stream_file(
        self, path: str, times: int = 1, batch_size: int = 64, keep: bool = False
    ) -> dict[str, Any]:
        """Annotate texts while they are read from a file; `keep` leaves the docs in memory for good."""
        words = 0
        for doc in self._stream(read_texts(path, times), batch_size, 1):
            words += len(doc)
            if keep:
                self.kept.append(doc)
        return {"words": words, "docs": len(self.kept)}

    def tokenize(self, batched: bool = False) -> dict[str, Any]:
        """Tokenize all texts, one call a text or in a stream, docs dropped."""
        watch = Stopwatch()
        words = 0
        if not batched:
            for text in self.texts:
                words += len(self.nlp.make_doc(text))
        elif self.system == "spacy":
            for doc in self.nlp.tokenizer.pipe(self.texts):
                words += len(doc)
        else:
            for doc in self.nlp.pipe(self.texts, disable=self.nlp.pipe_names):
                words += len(doc)
        return {**watch.stop(), "words": words}

    def sentences(self, words: int) -> dict[str, Any]:
        """Distinct sentences of exactly so many words, as the pipeline cuts them."""
        found: dict[str, None] = {}
        for doc in self.nlp.pipe(self.texts):
            for sentence in doc.sents:
                if len(sentence) == words:
                    found[sentence.text] = None
        return {"sentences": list(found)}

    def count(self, texts: list[str]) -> dict[str, Any]:
        """Words of each of some texts, tokenized alone."""
        return {"words": [len(self.nlp.make_doc(text)) for text in texts]}

    def calls(self, texts: list[str]) -> dict[str, Any]:
        """Annotate texts one call each."""
        nlp, clock = self.nlp, time.perf_counter
        seconds = []
        for text in texts:
            started = clock()
            nlp(text)
            seconds.append(clock() - started)
        return {"seconds": seconds}

    def documents(self, path: str, words: int, least_words: int = 20_000) -> dict[str, Any]:
        """Documents of so many words each (white space between): one, or as many as make up `least_words`,
        all of them different; after others that fill the caches."""
        stream = words_of(path)
        for _ in range(least_words // WARM_UP_WORDS):
            self.nlp(" ".join(islice(stream, WARM_UP_WORDS)))
        count = max(1, least_words // words)
        texts = [" ".join(islice(stream, words)) for _ in range(count)]
        characters = sum(map(len, texts)) / count
        before = memory("VmRSS")
        found = 0
        watch = Stopwatch()
        for text in texts:
            try:
                found += len(self.nlp(text))
            except ValueError as refused:
                return {"refused": str(refused).split(".")[0], "characters": characters}
        took = watch.stop()
        return {
            **took,
            "documents": count,
            "words": found,
            "characters": characters,
            "megabytes_before": before,
        }

    def stages(self, part: int = 32) -> dict[str, Any]:
        """CPU seconds, a list with one for each `part` of the texts, and the words: of spaCy's stages, one
        component after the other; of ours with everything on (`whole`), with each annotator left out, and
        with none."""
        parts = [self.texts[begin : begin + part] for begin in range(0, len(self.texts), part)]
        words = sum(len(self.nlp.make_doc(text)) for text in self.texts)
        if self.system == "spacy":
            found = [self._component_times(texts) for texts in parts]
            return {"stages": {name: [one[name] for one in found] for name in found[0]}, "words": words}
        names = list(self.nlp.pipe_names)
        left_out = {"whole": [], "none": names} | {name: [name] for name in names}
        return {"without": {what: self._times(parts, left_out[what]) for what in left_out}, "words": words}

    def _times(self, parts: list[list[str]], disable: list[str]) -> list[float]:
        """All parts in a row, so that caches hold what they hold in a long run."""
        seconds = []
        for texts in parts:
            watch = Stopwatch()
            for doc in self.nlp.pipe(texts, disable=disable):
                del doc
            seconds.append(watch.stop()["cpu_seconds"])
        return seconds

    def _component_times(self, texts: list[str]) -> dict[str, float]:
        watch = Stopwatch()
        docs = [self.nlp.make_doc(text) for text in texts]
        seconds = {"tokenizer": watch.stop()["cpu_seconds"]}
        for name, component in self.nlp.pipeline:
            watch = Stopwatch()
            docs = list(component.pipe(docs, batch_size=len(texts)))
            seconds[name] = watch.stop()["cpu_seconds"]
        return seconds

    def _stream(self, texts: Any, batch_size: int, threads: int) -> Iterator[Any]:
        more = {} if self.system == "spacy" else {"threads": threads}
        stream: Iterator[Any] = self.nlp.pipe(texts, batch_size=batch_size, **more)
        return stream


def pin(cores: str) -> None:
    """To these cores, where the system knows of such a thing."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core) for core in cores.split(",")})


def load(system: str, pipeline: str, exclude: list[str]) -> tuple[Any, dict[str, float]]:
    """A pipeline, and what importing and loading took."""
    started = time.perf_counter()
    library = import_module(system)
    imported = time.perf_counter()
    nlp = library.load(pipeline, exclude=exclude)
    loaded = time.perf_counter()
    return nlp, {"import_seconds": imported - started, "load_seconds": loaded - imported}


def main() -> None:
    system, pipeline, cores, *rest = sys.argv[1:]
    pin(cores)
    nlp, took = load(system, pipeline, [name for name in ",".join(rest).split(",") if name])
    worker = Worker(system, pipeline, nlp)
    report(took)
    for line in sys.stdin:
        request = json.loads(line)
        job: Callable[..., dict[str, Any]] = getattr(worker, request.pop("job"))
        if "cores" in request:
            pin(request.pop("cores"))
        report(job(**request))


def report(values: dict[str, Any]) -> None:
    values |= {"peak_megabytes": memory("VmHWM"), "megabytes": memory("VmRSS")}
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
