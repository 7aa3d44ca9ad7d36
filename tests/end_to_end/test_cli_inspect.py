"""`treelet inspect` as a user meets it: the table and its totals, JSON, drawings, wrong usage."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import treelet
from random_network import ANNOTATORS
from random_package import VECTORS, save_random_package
from treelet.cli import run, verbs
from treelet.cli.inspect import HEADER, INDENT


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("packages") / "tiny"
    return str(save_random_package(path, stored="int8", encoder=VECTORS | {"rows_norm": 900}, senter={}))


def inspect(*arguments: str) -> Result:
    return CliRunner().invoke(verbs, ["inspect", *arguments])


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_the_table_adds_up(package: str) -> None:
    done = inspect(package)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert cells(lines[0]) == list(HEADER)
    counts: dict[str, int] = {}
    layers: dict[str, int] = {}
    group = ""
    for line in filter(None, lines[1:]):
        name, *rest = cells(line)
        count = next(int(cell.replace(",", "")) for cell in rest if "×" not in cell)
        if line.startswith(INDENT):
            layers[group] = layers.get(group, 0) + count
        else:
            group = name
            counts[name] = count
    nlp = treelet.load(package)
    assert nlp.meta is not None
    assert counts["total: all"] == nlp.meta.parameters
    totals = {name.removeprefix("total: "): n for name, n in counts.items() if name.startswith("total: ")}
    groups = {name: n for name, n in counts.items() if not name.startswith("total: ")}
    assert sum(groups.values()) == totals.pop("all") == sum(totals.values())
    assert list(totals) == ["encoder", *nlp.pipe_names]
    assert {name: groups[name] for name in nlp.pipe_names} == {name: totals[name] for name in nlp.pipe_names}
    assert {name: groups[name] for name in layers} == layers
    assert {"hash tables", "static vectors", "recurrent layers", "parser"} <= set(layers)
    norms = next(line for line in lines if "hash table of norms" in line)
    # 900 rows of 16 bytes and a step of 4 bytes each; looked up as floats of 4 bytes
    expected = ["hash table of norms", "900 × 16", "14,400", "18.0", "57.6", "int8", "trained"]
    assert cells(norms) == [*expected, "all annotators"]


@pytest.mark.parametrize("width", [76, 80, 100, 120])
def test_a_narrow_terminal_gets_fewer_columns(
    width: int, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    lines = re.sub(r"\x1b\[[\d;]*m", "", inspect(package).output).splitlines()
    assert max(map(len, lines)) <= width
    shown = cells(lines[0])
    assert {"layer", "parameters", "status"} <= set(shown)
    assert ("shape" in shown) == (width >= 100)
    assert any("hash table of suffixes of 2 characters" in line for line in lines)
    assert not any("…" in line for line in lines)


def test_every_weight_has_a_line(package: str) -> None:
    lines = inspect(package, "--weights").output.splitlines()
    shown = {cells(line)[0] for line in lines if line.startswith(INDENT)}
    assert shown == {row.name for row in treelet.load(package).parameters()}


def test_json_has_all_that_python_has(package: str) -> None:
    found = json.loads(inspect(package, "--json").output)
    rows = treelet.load(package).parameters()
    assert [row["name"] for row in found["parameters"]] == [row.name for row in rows]
    first = found["parameters"][0]
    assert first == {
        "name": "embed.norm",
        "owner": "encoder",
        "group": "hash tables",
        "layer": "hash table of norms",
        "holds": "a vector a row",
        "shape": [900, 16],
        "dtype": "int8",
        "bytes": 18000,
        "bytes_in_memory": 57600,
        "status": "trained",
        "used_by": ["tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner"],
        "count": 14400,
    }
    totals = found["totals"]
    assert totals["all"]["count"] == sum(row.count for row in rows)
    for part in ("count", "bytes", "bytes_in_memory"):
        assert totals["all"][part] == sum(own[part] for name, own in totals.items() if name != "all")


def test_drawings(package: str, tmp_path: Path) -> None:
    text = inspect(package, "--drawing", "text").output
    assert "hash tables" in text
    assert "pretrained" in text
    assert max(map(len, text.splitlines())) <= 100
    target = tmp_path / "network.svg"
    done = inspect(package, "--drawing", "svg", "--output", str(target))
    assert (done.exit_code, done.output) == (0, "")
    assert ElementTree.parse(target).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert target.read_text(encoding="utf-8") == inspect(package, "--drawing", "svg").output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--json", "--drawing", "text"], 2, "--json tells everything"),
        (["--weights", "--drawing", "svg"], 2, "--weights is for the table"),
        (["--drawing", "png"], 2, "'png' is not one of 'text', 'svg'"),
        (["--output", "{missing}/n.svg"], 1, "No such file or directory"),
    ],
)
def test_wrong_usage(
    arguments: list[str], code: int, message: str, package: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.replace("{missing}", f"{package}/nowhere") for argument in arguments]
    assert run(["inspect", package, *given]) == code
    assert message in capsys.readouterr().err


def test_a_package_without_annotators(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_random_package(tmp_path / "p", **dict.fromkeys(ANNOTATORS))
    assert run(["inspect", str(path), "--drawing", "text"]) == 1
    assert "has no annotators, so nothing in it is learned" in capsys.readouterr().err


def test_no_such_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", "no_such_package"]) == 1
    assert "no_such_package: not an installed package" in capsys.readouterr().err
