"""`treelet info`: of what is installed, of folders and wheels, for other libraries, and broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from random_package import save_random_package
from small_wheels import NAME, altered_wheel, write_wheel
from treelet.cli import run


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "tiny")


def told(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["info", *arguments]) == 0
    return capsys.readouterr().out


def test_the_list_tells_where_each_is(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(package, tmp_path / f"treelet_{NAME}")
    monkeypatch.syspath_prepend(str(tmp_path))
    lines = told(capsys=capsys).splitlines()
    assert lines[1].split() == ["package", "version", "language", "annotators", "licence", "MB", "where"]
    rows = {line.split()[0]: line for line in lines[2:]}
    assert rows["en_core_web_sm"].rstrip().endswith("with treelet")
    assert NAME in rows
    (tmp_path / f"treelet_{NAME}" / "manifest.json").write_text("{")
    assert run(["info"]) == 0
    captured = capsys.readouterr()
    assert NAME in captured.out
    assert f"{NAME}: " in captured.err
    assert "manifest.json" in captured.err


def test_a_wheel_tells_what_the_folder_tells(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = write_wheel(package, tmp_path, "0.1.7")
    assert "structure 0.1: " in told(str(package), capsys=capsys)
    text = told(str(wheel), capsys=capsys)
    assert "version: 0.1.7" in text
    assert "treelet: >=0.1.0,<1" in text
    assert "encoder.width 16" in text
    values = json.loads(told(str(wheel), "--json", capsys=capsys))
    assert (values["name"], values["version"], values["path"]) == (NAME, "0.1.7", str(wheel))
    assert told(str(wheel), "--card", capsys=capsys).startswith(f"# {NAME}\n")


def test_scores_from_raw_text_on_gold_words_and_of_labels(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(files: dict[str, bytes]) -> None:
        path = f"treelet_{NAME}/manifest.json"
        scores = {"scores": {"UPOS": 91.5}, "raw_scores": {"UPOS": 90.25}}
        labels = {"label_scores": {"UPOS": {"NOUN": [80.0, 70.0, 74.67]}}}
        files[path] = json.dumps({**json.loads(files[path]), **scores, **labels}).encode()

    wheel = altered_wheel(write_wheel(package, tmp_path, "0.1.0"), tmp_path / "changed", change)
    lines = [line.split() for line in told(str(wheel), capsys=capsys).splitlines()]
    assert ["UPOS", "90.25", "91.50"] in lines
    assert ["NOUN", "80.00", "70.00", "74.67"] not in lines
    lines = [line.split() for line in told(str(wheel), "--per-label", capsys=capsys).splitlines()]
    assert ["NOUN", "80.00", "70.00", "74.67"] in lines


def test_a_package_of_another_library_is_told_of(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(str(write_wheel(package, tmp_path, "0.1.0", ">=0.9.0,<1")), capsys=capsys)
    assert "problem: " in text
    assert "needs treelet >=0.9.0,<1" in text


@pytest.mark.parametrize("arguments", [["--card"], ["--per-label"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(["info", *arguments]) == 2
