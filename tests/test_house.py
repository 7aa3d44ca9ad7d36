"""Rules of the house that a machine can hold: linter, types, stub, file sizes, words, links, helps."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import treelet
from treelet.cli import COMMANDS, verbs

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [
    path
    for folder in ("src", "core", "bindings", "tests", "benchmarks", "examples")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".h", ".cpp", ".inl", ".pyi") and "__pycache__" not in path.parts
]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
LINE_LIMIT = 300
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(" + "|".join(["ho" + "me", "ro" + "ot", "wo" + "rk"]) + r")/")


def tool(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_ruff_is_clean() -> None:
    result = tool("ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_mypy_is_clean() -> None:
    result = tool("mypy")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_stub_is_the_generated_one(tmp_path: Path) -> None:
    fresh = tmp_path / "_core.pyi"
    result = tool("nanobind.stubgen", "-q", "-m", "treelet._core", "-o", str(fresh), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    stored = (ROOT / "src" / "treelet" / "_core.pyi").read_text(encoding="utf-8")
    assert fresh.read_text(encoding="utf-8") == stored, (
        "run: python -m nanobind.stubgen -m treelet._core -o src/treelet/_core.pyi"
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_file(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix != ".pyi":
        assert len(lines) <= LINE_LIMIT, f"{len(lines)} lines; is it still one idea?"
    for number, line in enumerate(lines, 1):
        assert not UNFINISHED.search(line), f"line {number}: {line}"
        assert not MACHINE_PATH.search(line), f"line {number}: {line}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_page_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not MACHINE_PATH.search(text)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_with_an_example(name: str) -> None:
    command = verbs.get_command(click.Context(verbs), name)
    assert command is not None
    with click.Context(command, info_name=f"treelet {name}") as context:
        text = command.get_help(context)
    assert re.search(rf"Examples?:\s+(\w+ .*\| )?treelet {name}", text), text


def test_the_readme_command_is_what_ci_runs() -> None:
    shown = re.findall(
        r"^ *(pip install -c .*pytest)$", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(shown) == 1
    listed = subprocess.run([ROOT / ".ci" / "run", "--print"], capture_output=True, text=True, check=True)
    assert listed.stdout.strip() == shown[0]


def test_the_version_is_that_of_the_project_file() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{treelet.__version__}"\n' in project
    assert f"## {treelet.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
