"""Numbers of cases in, one line before and one after each of them out: what loading a damaged package gave.

A process of its own, whose memory is limited; who started it measures its time, and finds out how it died.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from fuzz_archives import damaged_archive
from fuzz_mutations import Files, damage
from fuzz_published import run_published

TEXTS = (
    "",
    "Apple isn't looking at buying a U.K. startup for $1 billion.\n\nTim went to http://a.org/x (see p. 3).",
    " \ud800\0 \u2028 é\u0301 ﷺ 👩‍👩‍👧 ",
    "x" * 3000,
)
LONG = "The dogs were running in Paris, he said. " * 130  # more words than a segment holds
ANNOTATORS = ("tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner")
CHANGES: tuple[dict[str, Any], ...] = (
    {"parser.beam_width": 4},
    {"encoder.precision": "int8"},
    {"encoder.precision": "fp32"},
)
MOST_MESSAGE = 4100  # characters of an error


def read_folder(folder: Path) -> Files:
    """Its files by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def write_folder(folder: Path, files: Files) -> None:
    """Files in a folder that holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def write_damaged(bases: list[Files], chance: Random, folder: Path) -> Path:
    """A damaged package in a folder, or as an archive in it."""
    files = chance.choice(bases)
    if chance.random() < 0.65:
        write_folder(folder, damage(files, bases, chance))
        return folder
    if chance.random() < 0.4:
        files = damage(files, bases, chance)
    path = folder / chance.choice(("x.whl", "x.zip"))
    write_folder(folder, {path.name: damaged_archive(files, chance)})
    return path


def run_case(bases: list[Files], chance: Random, folder: Path) -> str:
    """What came of one case: what the library raised, or that all was well; "FOUND: …" if that is wrong."""
    from treelet.errors import TreeletError

    try:
        if chance.random() < 0.2:
            write_folder(folder, {})
            return run_published(bases, chance, folder)
        return _load_and_annotate(write_damaged(bases, chance, folder), chance)
    except TreeletError as error:
        return _judged(type(error).__name__, str(error))
    except BaseException as error:
        return f"FOUND: {type(error).__name__}: {str(error)[:300]}"


def _load_and_annotate(path: Path, chance: Random) -> str:
    import treelet
    from treelet.formats import write_conllu

    exclude = chance.sample(ANNOTATORS, chance.choice((0, 0, 0, 1, 3)))
    changes = chance.choice((*CHANGES, None, None, None, None, None, None))
    how = {"verify": chance.random() < 0.2, "memory_map": chance.random() < 0.2}
    nlp = treelet.load(path, exclude=exclude, settings=changes, **how)
    for text in (*TEXTS, LONG if chance.random() < 0.1 else ""):
        doc = nlp(text)
        doc.to_json()
        _check_lines(write_conllu(doc))
    return _look(path) if chance.random() < 0.03 else "loaded"


def _check_lines(conllu: str) -> None:
    for line in conllu.split("\n"):
        if line and not line.startswith("#") and line.count("\t") != 9:
            raise AssertionError(f"a line of CoNLL-U with {line.count(chr(9))} tabs: {line[:100]!r}")


def _look(path: Path) -> str:
    from click.testing import CliRunner

    from treelet.cli.info import info_command

    result = CliRunner().invoke(info_command, [str(path)])
    if result.exception or _is_hidden(result.output):
        return f"FOUND: info: {result.exception!r} {result.output[:300]!r}"
    return "loaded"


def _judged(kind: str, message: str) -> str:
    """An error is to be read by people, on a terminal."""
    if len(message) > MOST_MESSAGE:
        return f"FOUND: {kind} of {len(message)} characters: {message[:200]!r}"
    if _is_hidden(message):
        return f"FOUND: {kind} with control characters: {message[:200]!r}"
    return kind


def _is_hidden(text: str) -> bool:
    """Whether there is anything that a terminal would act on."""
    codes = [ord(c) for c in text if c not in "\n\t"]
    return any(c < 32 or 127 <= c < 160 or 0xD800 <= c < 0xE000 or 0x202A <= c <= 0x202E for c in codes)


def limit_memory(mebibytes: int) -> None:
    """An allocation beyond it fails; 0: none does."""
    if mebibytes:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))


def main() -> None:
    """Arguments are those that benchmarks/fuzz_package.py gives."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("bases", "scratch"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("seed", "first", "count", "memory"):
        parser.add_argument(f"--{name}", type=int, required=True)
    arguments = parser.parse_args()
    import treelet

    bases = [read_folder(folder) for folder in sorted(arguments.bases.iterdir())]
    limit_memory(arguments.memory)
    treelet.blank("en")("warm")
    # What the library prints must not be taken for a line of ours.
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    with contextlib.redirect_stdout(sys.stderr):
        for number in range(arguments.first, arguments.first + arguments.count):
            print("begin", number, file=lines)
            begin = time.perf_counter()
            outcome = run_case(bases, Random(f"{arguments.seed}:{number}"), arguments.scratch / "case")
            seconds = time.perf_counter() - begin
            print("end", number, f"{seconds:.3f}", outcome.replace("\n", " "), file=lines)


if __name__ == "__main__":
    main()
