"""What a first user stumbled over: outputs emptied for nothing, empty gold, narrow terminals, cut help."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from random_package import save_random_package
from treelet.cli import run
from treelet.cli.inputs import decode_lines
from treelet.cli.settings import setting_block
from treelet.cli.table import COLUMNS, GAP, fitted_widths, rich_table
from treelet.doc import Doc
from treelet.settings.rows import setting_rows


@pytest.mark.parametrize(("name", "content"), [("in.txt", "text"), ("in.conllu", "1\ta\n")])
def test_convert_leaves_its_output_alone_when_nothing_can_be_read(
    tmp_path: Path, name: str, content: str
) -> None:
    source, target = tmp_path / name, tmp_path / "out.jsonl"
    source.write_text(content)
    target.write_text("kept")
    assert run(["convert", str(source), str(target)]) == 1
    assert target.read_text() == "kept"


def test_convert_tells_a_folder_from_a_missing_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", str(tmp_path), str(tmp_path / "out.jsonl")]) == 1
    assert f"{tmp_path}: is a directory" in capsys.readouterr().err


def test_nothing_to_score_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.conllu"
    gold.write_text("# only a comment\n")
    assert run(["evaluate", "any", str(gold)]) == 1
    assert f"{gold}: holds no words" in capsys.readouterr().err


@pytest.mark.parametrize("width", [80, 120])
def test_a_row_is_a_line_that_fits(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    long = "Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin"
    doc = Doc(["https://example.com/" + "a" * 90, "is"], lemmas=["b" * 90, "be"], morphs=[long, long])
    lines = rich_table(doc).splitlines()
    assert [line.split()[:1] for line in lines] == [["#"], ["1"], ["2"], []]
    assert all(len(line) <= width for line in lines)
    assert lines[0].split() == list(COLUMNS)


def test_columns_that_fit_are_left_alone() -> None:
    widths = [5] * len(COLUMNS)
    assert fitted_widths(widths, 5 * len(COLUMNS) + GAP * (len(COLUMNS) - 1)) == widths


def test_the_general_help_says_each_verb_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = str(save_random_package(tmp_path / "package"))
    assert run(["annotate", "some text", "--model", package, "--output", "/dev/full"]) == 1
    assert capsys.readouterr().err == "treelet: error: /dev/full: No space left on device\n"


def test_a_line_of_megabytes_is_not_held_whole() -> None:
    pieces = [line for line, _ in decode_lines(io.BytesIO(b"word " * 600_000), "text")]
    assert len(pieces) == 3
    assert all(piece.endswith(" ") for piece in pieces)


def test_a_setting_on_a_narrow_terminal() -> None:
    row = replace(setting_rows()[5], meaning="length of a vector", matters={"ewt": 1.25})
    known = "int, 8 to 1,024 numbers, matters 1.2 / –"
    assert setting_block(row) == f"encoder.width = 96  ({known})\n    length of a vector"
