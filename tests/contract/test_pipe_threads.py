"""pipe() on threads: order, bounds, errors, early ends, forks and exits; results as on one thread."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import save_random_package
from treelet import Doc, Pipeline, _core
from treelet.errors import TextError

TEXTS = [f"Document {i} was running in Paris . " * (i % 7) for i in range(150)]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("package") / "p")


@pytest.fixture(scope="module")
def nlp(package: Path) -> Pipeline:
    return treelet.load(package)


def json_of(docs: Any) -> list[dict[str, Any]]:
    return [doc.to_json() for doc in docs]


def n_threads() -> int:
    return len(os.listdir("/proc/self/task"))


needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="counts threads in /proc")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.mark.parametrize(("batch_size", "threads"), [(1, 2), (3, 3), (64, 2), (1000, 16)])
def test_results_and_order_are_those_of_one_thread(nlp: Pipeline, batch_size: int, threads: int) -> None:
    alone = json_of(map(nlp, TEXTS))
    assert json_of(nlp.pipe(TEXTS, batch_size=batch_size, threads=threads)) == alone


def test_docs_with_words_come_back_themselves(nlp: Pipeline) -> None:
    def given_words(text: str) -> Doc:
        return Doc(words=text.split(), ents=["B-PER"] + ["O"] * 6)

    def mixed() -> list[str | Doc]:
        return [given_words(text) if text.count(".") == 1 else text for text in TEXTS]

    given = mixed()
    expected = json_of(nlp.pipe(mixed()))
    found = list(nlp.pipe(given, threads=3, batch_size=4))
    assert json_of(found) == expected
    assert all(doc is item for doc, item in zip(found, given, strict=True) if isinstance(item, Doc))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_reading_ahead_is_bounded_in_documents(nlp: Pipeline, threads: int) -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield f"text {read}"

    docs = nlp.pipe(endless(), batch_size=3, threads=threads)
    for i in range(1, 100):
        assert next(docs).text == f"text {i}"
        assert read <= i + 3 * threads


def test_reading_ahead_is_bounded_in_characters(nlp: Pipeline) -> None:
    read = 0

    def texts() -> Iterator[str]:
        nonlocal read
        for text in ["x" * 400_000] * 20:
            read += 1
            yield text

    docs = nlp.pipe(texts(), threads=2, disable=nlp.pipe_names)
    next(docs)
    assert read <= 4
    docs.close()  # type: ignore[attr-defined]


def test_a_long_text_stalls_no_other_thread(nlp: Pipeline) -> None:
    read = 0

    def texts() -> Iterator[str]:
        nonlocal read
        for text in ["a " * 700_000, *TEXTS, "b " * 700_000, *TEXTS]:
            read += 1
            yield text

    docs = nlp.pipe(texts(), threads=2, batch_size=500, disable=nlp.pipe_names)
    next(docs)
    assert read > len(TEXTS) + 2
    assert sum(1 for _ in docs) == 2 * len(TEXTS) + 1


@pytest.mark.parametrize("threads", [1, 2])
def test_what_goes_wrong_comes_after_what_came_before(nlp: Pipeline, threads: int) -> None:
    def failing() -> Iterator[Any]:
        yield from ["one", "two", "three"]
        raise OSError("the disk is gone")

    docs = nlp.pipe(failing(), threads=threads)
    assert [next(docs).text for _ in range(3)] == ["one", "two", "three"]
    with pytest.raises(OSError, match="the disk is gone"):
        next(docs)
    docs = nlp.pipe(["one", b"two"], threads=threads)  # type: ignore[list-item]
    assert next(docs).text == "one"
    with pytest.raises(TextError, match="found bytes"):
        next(docs)


def test_an_interrupt_while_reading_comes_at_once(nlp: Pipeline) -> None:
    def interrupted() -> Iterator[str]:
        yield from TEXTS[:20]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(nlp.pipe(interrupted(), threads=2))


@needs_proc
def test_threads_start_with_work_and_end_with_the_generator(nlp: Pipeline) -> None:
    before = n_threads()
    docs = nlp.pipe(TEXTS * 4, threads=4, batch_size=4)
    assert n_threads() == before
    next(docs)
    assert before < n_threads() <= before + 4
    docs.close()  # type: ignore[attr-defined]
    assert n_threads() == before
    for _ in nlp.pipe(TEXTS, threads=2, batch_size=4):
        break
    assert n_threads() == before
    list(nlp.pipe(["just one"], threads=8))
    assert n_threads() == before


def test_threads_work_while_the_consumer_does(nlp: Pipeline) -> None:
    stream = _core.Stream(nlp._core, nlp.pipe_names, 2)
    for text in TEXTS:
        stream.push(text)
    deadline = time.monotonic() + 20
    while stream.n_done < len(TEXTS) and time.monotonic() < deadline:
        time.sleep(0.001)
    assert stream.n_done == len(TEXTS)
    assert len(stream.take()) == len(TEXTS)
    assert stream.take() == []
    stream.close()
    stream.close()
    with pytest.raises(TextError, match="closed"):
        stream.push("late")


def test_pipes_within_pipes(nlp: Pipeline) -> None:
    for outer in nlp.pipe(TEXTS[:12], threads=2, batch_size=2):
        words = [token.text for token in outer]
        assert [doc.text for doc in nlp.pipe(words, threads=3, batch_size=2)] == words


def test_python_threads_share_a_pipeline(nlp: Pipeline) -> None:
    alone = json_of(map(nlp, TEXTS))
    found: list[list[dict[str, Any]]] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(json_of(nlp.pipe(TEXTS, threads=n, batch_size=5))))
        for n in (1, 2, 3, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


def in_child(work: Any) -> int:
    """Exit code of a forked child that does the work: 0 if it returns true."""
    pid = os.fork()
    if pid == 0:
        code = 2
        try:
            signal.alarm(30)
            code = 0 if work() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_annotates(nlp: Pipeline) -> None:
    alone = json_of(map(nlp, TEXTS))

    def work() -> bool:
        return json_of(nlp.pipe(TEXTS, threads=2, batch_size=4)) == alone == json_of(map(nlp, TEXTS))

    assert in_child(work) == 0
    for _ in range(5):
        docs = nlp.pipe(TEXTS * 3, threads=3, batch_size=10)
        next(docs)  # the parent's threads are at work
        assert in_child(work) == 0

        def go_on(docs: Iterator[Doc] = docs) -> bool:
            with pytest.raises(RuntimeError, match="forked"):
                list(docs)
            del docs
            return work()

        assert in_child(go_on) == 0
        assert len(list(docs)) == 3 * len(TEXTS) - 1


def run(code: str, package: Path) -> subprocess.CompletedProcess[str]:
    head = f"import treelet\nnlp = treelet.load({str(package)!r})\ntexts = ['Some text .' * 50] * 400\n"
    return subprocess.run(
        [sys.executable, "-c", head + code], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "code",
    [
        "docs = nlp.pipe(texts, threads=3)\nnext(docs)",
        "docs = nlp.pipe(texts, threads=3)\nnext(docs)\nimport builtins\nbuiltins.kept = docs",
        "docs = nlp.pipe(texts, threads=3)\nnext(docs)\ncycle = [docs]\ncycle.append(cycle)\ndel docs, cycle",
        "import threading, itertools\n"
        "docs = nlp.pipe(itertools.cycle(texts), threads=2)\n"
        "threading.Thread(target=lambda: [None for _ in docs], daemon=True).start()\n"
        "import time\ntime.sleep(0.1)",
    ],
    ids=["global", "builtins", "cycle", "daemon thread"],
)
def test_the_interpreter_exits_with_a_pipe_at_work(code: str, package: Path) -> None:
    result = run(code, package)
    assert result.returncode == 0, result.stderr
    if "daemon" not in code:  # which is left where it is, with all that it holds
        assert result.stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_control_c_ends_the_wait(package: Path) -> None:
    result = run(
        "import os, signal, threading\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background ignores it
        "threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try:\n    for doc in nlp.pipe(texts * 1000, threads=2): pass\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
        "print(len(nlp('still works')))",
        package,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "interrupted\n2\n", "")
