"""The command line as a user meets it: exit codes, what comes out, what is said when something is wrong."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from random_package import save_random_package
from treelet.cli import run
from treelet.cli.table import COLUMNS

TEXT = "Tim Cook runs Apple. It didn't move.\n\nA second paragraph."
GOLD = """\
# newdoc
# newpar
# text = Dogs bark.
1\tDogs\tdog\tNOUN\tNN\tNumber=Plur\t2\tnsubj\t_\tNER=O
2\tbark\tbark\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No|NER=B-PER
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\tNER=O

"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_random_package(tmp_path_factory.mktemp("packages") / "tiny"))


def treelet(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, standard streams piped."""
    command = [sys.executable, "-m", "treelet", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, env={**os.environ, **environment}, check=False
    )


def test_a_text_becomes_a_table(package: str) -> None:
    done = treelet("annotate", TEXT, "--model", package)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == list(COLUMNS)
    assert [line.split()[1] for line in lines if line and line[0].isdigit()][:5] == [
        "Tim",
        "Cook",
        "runs",
        "Apple",
        ".",
    ]
    assert done.stderr == b""


def test_conllu_of_a_file_is_read_back(package: str, tmp_path: Path) -> None:
    source, target = tmp_path / "a.txt", tmp_path / "a.conllu"
    source.write_text(TEXT)
    assert run(["annotate", str(source), "--model", package, "--output", str(target), "--threads", "2"]) == 0
    written = target.read_text()
    assert written.count("# newdoc\n") == 1
    assert written.count("# newpar\n") == 2
    from treelet.formats import read_conllu

    assert [doc.text for doc in read_conllu(target)] == TEXT.split("\n\n")


def test_lines_of_standard_input_to_jsonl(package: str) -> None:
    done = treelet(
        "annotate", "--model", package, "--per", "line", "--to", "jsonl", stdin="Éa b\n\nc\n".encode()
    )
    assert [json.loads(line)["text"] for line in done.stdout.decode().splitlines()] == ["Éa b", "", "c"]


def test_what_came_before_a_bad_byte_is_written(package: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("All is well.")
    bad.write_bytes(b"Fine.\n\nCaf\xe9.\n")
    done = treelet("annotate", str(good), str(bad), "--model", package, "--to", "jsonl")
    assert done.returncode == 1
    assert [json.loads(line)["text"] for line in done.stdout.decode().splitlines()] == [
        "All is well.",
        "Fine.",
    ]
    assert f"{bad}: line 3, byte 11" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["annotate", "missing.txt"], 1, "missing.txt: no such file"),
        (["annotate", "Some text.", "--model", "no_such"], 1, "no_such"),
        (["annotate", "Some text.", "--threads", "0"], 2, "--threads"),
        (["annotate", "Some text.", "--to", "xml"], 2, "--to"),
        (["frobnicate"], 2, "frobnicate"),
        (["evaluate", "no_such", "missing.conllu"], 1, "missing.conllu"),
        (["settings", "nothing"], 2, "nothing"),
        (["info", "no_such"], 1, "no_such"),
        (["convert", "missing.conllu", "out.jsonl"], 1, "missing.conllu"),
        (
            ["train", "--train", "a.conllu", "--dev", "b.conllu", "--out", "x", "--set", "encoder.wdth=3"],
            2,
            "width",
        ),
        (["train", "--train", "a.conllu", "--dev", "b.conllu", "--out", "x"], 1, "a.conllu"),
    ],
)
def test_mistakes(arguments: list[str], code: int, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == code
    shown = capfd.readouterr()
    assert said in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_a_reader_that_leaves_is_no_failure(package: str, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("One line of text.\n\n" * 5000)
    command = [sys.executable, "-m", "treelet", "annotate", str(path), "--model", package]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_ctrl_c(package: str) -> None:
    command = [sys.executable, "-m", "treelet", "annotate", "-", "--model", package]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a shell starts what it puts in the background deaf to the signal, and that is inherited
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(
            b"x" * 100_000
        )  # more than a pipe holds: the command is reading when this returns
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        assert process.returncode == 130
        assert b"Traceback" not in said


def test_any_locale_and_any_text(package: str) -> None:
    done = treelet(
        "annotate",
        "na\u00efve \U0001f600 \u65e5\u672c",
        "--model",
        package,
        LC_ALL="C",
        PYTHONIOENCODING="ascii",
    )
    assert done.returncode == 0, done.stderr
    assert "na\u00efve" in done.stdout.decode()
    done = treelet("annotate", "\x1b[31mred now", "--model", package)
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("text", [b"", b" \n\t\n", b"\x00", "\u200b\ufeff".encode(), b"x" * 300_000])
@pytest.mark.parametrize("to", ["table", "conllu", "jsonl"])
def test_odd_inputs(
    package: str, text: bytes, to: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run(["annotate", "--model", package, "--to", to]) == 0
    assert capfd.readouterr().err == ""


def test_output_may_not_be_an_input(package: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Keep me.")
    assert run(["annotate", str(path), "--model", package, "--output", str(path)]) == 2
    assert path.read_text() == "Keep me."


def test_evaluate(package: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.conllu"
    gold.write_text(GOLD)
    assert run(["evaluate", package, str(gold), "--json"]) == 0
    scores = json.loads(capfd.readouterr().out)
    assert scores["Words"]["f1"] == 1.0
    assert "LAS" in scores
    assert set(scores["entities"]) == {"micro", "labels"}
    assert run(["evaluate", package, str(gold), "--gold-tokens"]) == 0
    assert "Sentences" in capfd.readouterr().out


def test_convert_there_and_back(tmp_path: Path) -> None:
    first, middle, last = tmp_path / "a.conllu", tmp_path / "b.jsonl", tmp_path / "c.conllu"
    first.write_text(GOLD)
    assert run(["convert", str(first), str(middle)]) == 0
    assert run(["convert", str(middle), str(last)]) == 0
    words = [line for line in last.read_text().splitlines() if not line.startswith("#")]
    assert words == [line for line in GOLD.splitlines() if not line.startswith("#")]


def test_info_and_settings(package: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["info", package, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["annotators"] == [
        "tagger",
        "morphologizer",
        "lemmatizer",
        "parser",
        "ner",
    ]
    assert run(["info"]) == 0
    assert "treelet" in capfd.readouterr().out
    assert run(["settings", "encoder", "--json"]) == 0
    assert {row["name"]: row["default"] for row in json.loads(capfd.readouterr().out)}["width"] == 96


def test_default_settings_are_a_settings_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from treelet.settings import ANNOTATORS, settings_from_toml

    assert run(["settings", "--defaults"]) == 0
    settings = settings_from_toml(capfd.readouterr().out)
    assert settings.annotators() == list(ANNOTATORS)
