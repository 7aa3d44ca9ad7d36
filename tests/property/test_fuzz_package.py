"""Packages fuzzed for a short time: nothing is found, but crashes, hangs and wrong errors would be."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

import treelet

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
MEMORY = 0 if "asan" in os.environ.get("LD_PRELOAD", "") else 1500  # sanitizers reserve terabytes


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))
    import fuzz_package

    return fuzz_package


def test_damaged_packages_are_loaded_or_refused() -> None:
    command = [sys.executable, str(FOLDER / "fuzz_package.py"), "--count", "100", "--seed", "3"]
    done = subprocess.run([*command, "--memory", str(MEMORY)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100 damaged packages" in done.stdout
    for outcome in ("loaded", "PackageError", "read"):
        assert outcome in done.stdout, "the damage is all of one kind"


def test_a_case_is_the_same_again(fuzz: ModuleType, tmp_path: Path) -> None:
    import fuzz_worker

    bases = tmp_path / "bases"
    bases.mkdir()
    fuzz.make_bases(bases, [])
    files = [fuzz_worker.read_folder(folder) for folder in sorted(bases.iterdir())]

    def written(number: int) -> dict[str, bytes]:
        fuzz_worker.write_damaged(files, Random(f"0:{number}"), tmp_path / "case")
        return dict(fuzz_worker.read_folder(tmp_path / "case"))

    first = [written(number) for number in range(40)]
    assert first == [written(number) for number in range(40)]
    assert len({repr(each) for each in first}) == 40


@pytest.mark.parametrize("wrong", [ValueError("x"), MemoryError(), treelet.PackageError("x" * 10**6)])
def test_a_wrong_error_is_found(
    wrong: Exception, fuzz: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fuzz_worker

    def load(*_: object, **__: object) -> None:
        raise wrong

    monkeypatch.setattr(treelet, "load", load)
    (tmp_path / "bases").mkdir()
    fuzz.make_bases(tmp_path / "bases", [])
    files = [fuzz_worker.read_folder(folder) for folder in sorted((tmp_path / "bases").iterdir())]
    outcomes = {fuzz_worker.run_case(files, Random(f"0:{n}"), tmp_path / "case") for n in range(20)}
    found = any(outcome.startswith("FOUND") for outcome in outcomes)
    assert found == (not isinstance(wrong, treelet.PackageError)), outcomes  # those are cut short by str()


def test_crashes_and_hangs_are_found_and_the_rest_goes_on(
    fuzz: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = tmp_path / "fuzz_worker.py"
    worker.write_text(
        "import os, sys, time\n"
        "first, count = (int(sys.argv[sys.argv.index(n) + 1]) for n in ('--first', '--count'))\n"
        "for n in range(first, first + count):\n"
        "    print('begin', n, flush=True)\n"
        "    if n == 3: os.abort()\n"
        "    if n == 5: time.sleep(60)\n"
        "    print('end', n, '0.1', 'FOUND: ValueError' if n == 6 else 'loaded', flush=True)\n"
    )
    monkeypatch.setattr(fuzz, "HERE", tmp_path)
    monkeypatch.setattr(fuzz, "make_bases", lambda folder, more: None)
    arguments = Namespace(seed=0, first=0, count=9, seconds=60, package=[], memory=0, patience=5.0)
    result = fuzz.fuzz(arguments, tmp_path)
    assert result.cases == 9
    assert result.outcomes == {"loaded": 6, "FOUND crash": 1, "FOUND hang": 1, "FOUND": 1}
    assert [finding[:7] for finding in result.found] == ["case 3:", "case 5:", "case 6:"]
