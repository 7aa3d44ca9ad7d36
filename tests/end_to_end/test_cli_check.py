"""`treelet check`: what it finds in files with known faults."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import small_corpus
from treelet.cli.check import check_command

ROW = "{}\t{}\t{}\tX\tx\t_\t{}\t{}\t_\t{}\n"


def conllu(*sentences: list[tuple[str, int, str, str]]) -> str:
    """Rows of form, head, relation and MISC."""
    return "".join(
        "".join(
            ROW.format(i, form, form, head, deprel, misc)
            for i, (form, head, deprel, misc) in enumerate(rows, 1)
        )
        + "\n"
        for rows in sentences
    )


def run(*arguments: object) -> Result:
    return CliRunner().invoke(check_command, list(map(str, arguments)), catch_exceptions=False)


def told(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    found: dict[str, Any] = json.loads(result.output)
    assert result.exit_code == found["fails"]
    return found


def kinds(found: dict[str, Any], level: str) -> dict[str, list[int]]:
    """Kind of each finding of a level, and its lines."""
    return {
        finding["kind"]: [place["line"] for place in finding["places"]]
        for finding in found["findings"]
        if finding["level"] == level
    }


GOOD = [("a", 2, "det", "NER=O"), ("dog", 3, "nsubj", "NER=B-PER"), ("ran", 0, "root", "NER=O")]


def test_a_good_corpus(tmp_path: Path) -> None:
    train = small_corpus.write(tmp_path / "t.conllu", small_corpus.conllu(60))
    dev = small_corpus.write(tmp_path / "d.conllu", small_corpus.conllu(20, seed=1))
    found = told(train, "--dev", dev)
    assert not found["fails"]
    assert found["annotators"] == ["tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner"]
    counts = found["train"]
    assert counts["sentences"] == 60
    assert counts["documents"] == 6
    assert counts["annotated"]["head"] == counts["words"]
    assert counts["labels"]["upos"]["DET"] == 60
    text = run(train, "--dev", dev).output
    assert "Training would run, and teach tagger, morphologizer" in text
    assert "DET 60/20" in text


def test_every_error_has_its_line(tmp_path: Path) -> None:
    text = (
        conllu(GOOD)
        + "1\tx\n\n"
        + conllu([("a", 7, "x", "_")])
        + "1\tz\tz\tX\tx\t_\tQ\t_\t_\t_\n\n"
        + conllu(GOOD)
    )
    path = small_corpus.write(tmp_path / "t.conllu", text)
    path.write_bytes(path.read_bytes() + b"1\t\xff\tx\tX\tx\t_\t0\troot\t_\t_\n\n")
    found = told(path)
    lines = [
        place["line"] for each in found["findings"] if each["kind"] == "format" for place in each["places"]
    ]
    assert sorted(lines) == [5, 7, 9, 15]
    assert found["train"]["sentences"] == 3
    output = run(path).output
    assert f"{path}:5: found 2 columns, expected 10" in output
    assert "Training would fail: 4 errors." in output


def test_trees(tmp_path: Path) -> None:
    crossing = [("a", 3, "x", "_"), ("b", 4, "x", "_"), ("c", 0, "root", "_"), ("d", 3, "x", "_")]
    two_roots = [("a", 0, "root", "_"), ("b", 0, "root", "_"), ("c", 1, "x", "_")]
    no_relation = [("a", 2, "_", "_"), ("b", 0, "root", "_")]
    path = small_corpus.write(tmp_path / "t.conllu", conllu(GOOD, crossing, two_roots, no_relation))
    found = told(path)
    assert not found["fails"]
    assert found["train"]["crossing_arcs"] == 3  # two that cross each other, and one over a root
    assert found["train"]["crossing_trees"] == 2
    assert kinds(found, "warning")["several roots"] == [10]
    assert kinds(found, "warning")["no relation"] == [14]


def test_what_only_jsonl_can_say(tmp_path: Path) -> None:
    cycle = {"text": "a b", "tokens": [{"start": 0, "end": 1, "head": 1}, {"start": 2, "end": 3, "head": 0}]}
    wrong = {
        "text": "a",
        "tokens": [{"start": 0, "end": 1, "ent": "B-X"}],
        "wrong_ents": [{"first": 0, "last": 0}],
    }
    blank = {
        "text": "a \t b",
        "tokens": [{"start": 0, "end": 1, "ent": "O"}, {"start": 1, "end": 4, "ent": "B-X"}],
    }
    blank["tokens"].append({"start": 4, "end": 5, "ent": "I-X"})  # type: ignore[attr-defined]
    across = {"text": "a b", "tokens": [{"start": 0, "end": 1, "ent": "B-X", "sent_start": True}]}
    across["tokens"].append({"start": 2, "end": 3, "ent": "I-X", "sent_start": True})  # type: ignore[attr-defined]
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in (cycle, wrong, blank, across)))
    found = told(path)
    assert kinds(found, "error") == {"cycle": [1], "wrong entity": [2]}
    warnings = kinds(found, "warning")
    assert warnings["entity white space"] == [3]
    assert warnings["entity crosses"] == [4]


def test_train_beside_dev(tmp_path: Path) -> None:
    six = [(word, 0 if word == "f" else 6, "root" if word == "f" else "x", "NER=O") for word in "abcdef"]
    train = small_corpus.write(tmp_path / "t.conllu", conllu(GOOD, six, six))
    dev = small_corpus.write(tmp_path / "d.conllu", conllu(six, [("cat", 0, "odd", "NER=B-LOC")]))
    found = told(train, "--dev", dev)
    assert kinds(found, "warning")["overlap"] == [1]
    assert kinds(found, "note")["duplicates"] == [12]
    assert "inconsistent sentences" not in kinds(found, "warning")
    messages = {each["kind"]: each["message"] for each in found["findings"]}
    assert "1 labels, 1 of 7 (14.3 %): odd 1" in messages["unseen deprel"]
    assert "LOC 1" in messages["unseen entities"] or "1 of 1" in messages["unseen entities"]
    assert "1 of 7 (14.3 %)" in messages["unseen words"]
    assert "PER 1" in messages["rare entities"]
    assert "rare entities" not in {
        each["kind"] for each in told(train, "--dev", dev, "--rare", 1)["findings"]
    }


def test_the_same_sentence_annotated_otherwise(tmp_path: Path) -> None:
    six = [(word, 0 if word == "f" else 6, "root" if word == "f" else "x", "NER=O") for word in "abcdef"]
    other = [("a", 6, "x", "NER=B-X"), *six[1:]]
    unknown = [(word, head, deprel, "_") for word, head, deprel, _ in six]
    found = told(small_corpus.write(tmp_path / "t.conllu", conllu(GOOD, six, other, unknown)))
    (finding,) = [each for each in found["findings"] if each["kind"] == "inconsistent sentences"]
    assert finding["places"] == [
        {
            "file": str(tmp_path / "t.conllu"),
            "line": 12,
            "twin": {"file": str(tmp_path / "t.conllu"), "line": 5},
        }
    ]


def test_names_here_and_there(tmp_path: Path) -> None:
    text = "New\tB-LOC\nYork\tI-LOC\n\n" * 3 + "in\tO\nNew\tO\nYork\tO\n\n" + "New\t-\nYork\t-\n\n"
    found = told(small_corpus.write(tmp_path / "t.iob2", text))
    assert kinds(found, "warning")["inconsistent names"] == [10]
    assert "'New York' 3/1" in json.dumps(found)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.conllu", "", "holds no words"),
        ("a.txt", "x", "found extension '.txt'"),
        ("a.iob2", "a\tO\n\n", "ner: words are said to be outside, but there is no entity"),
        ("a.conllu", "1\ta\t_\t_\t_\t_\t_\t_\t_\t_\n\n", "nothing can be taught"),
        ("a.conllu", conllu([("a", 2, "a|b", "_"), ("b", 0, "root", "_")]), "relations with '|' or '>': 1"),
    ],
)
def test_files_that_cannot_teach(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = small_corpus.write(tmp_path / name, text)
    result = run(path)
    assert result.exit_code == 1
    assert message in result.output
    assert "Training would fail: 1 error." in result.output


def test_what_is_not_taught_is_no_error(tmp_path: Path) -> None:
    odd = [("a", 2, "a|b", "NER=B-X"), ("b", 0, "root", "NER=O")]
    train = small_corpus.write(tmp_path / "t.conllu", conllu(GOOD, odd))
    assert kinds(told(train), "error") == {"bad label": [5]}
    found = told(train, "--set", 'pipeline=["ner"]')
    assert kinds(found, "warning")["bad label"] == [5]
    assert found["annotators"] == ["ner"]
    good = small_corpus.write(tmp_path / "g.conllu", conllu(GOOD))
    assert not told(good, "--dev", train)["fails"]


def test_what_is_not_there(tmp_path: Path) -> None:
    assert "No such file" in run(tmp_path / "none.conllu").output
    assert run(tmp_path).exit_code == 1


def test_dev_that_measures_nothing(tmp_path: Path) -> None:
    train = small_corpus.write(tmp_path / "t.conllu", small_corpus.conllu(20))
    dev = small_corpus.write(tmp_path / "d.iob2", small_corpus.iob2(5))
    result = run(train, "--dev", dev)
    assert "no development file annotates what tagger" in result.output
    assert result.exit_code == 1
    assert run(train, "--dev", dev, "--set", 'pipeline=["ner"]').exit_code == 0


def test_offsets(tmp_path: Path) -> None:
    lines = [
        '{"text": "Ann didn\'t.", "entities": [[0, 3, "person"]]}',
        '{"text": "No.", "entities": [[0, 1, "X"]]}',
    ]
    path = small_corpus.write(tmp_path / "n.jsonl", "\n".join(lines))
    result = run(path, "--map", "person=PER", "--lang", "en")
    assert f"{path}:2: " in result.output
    assert "did you mean (0, 2) 'No'?" in result.output
    assert "PER 1" in result.output


def test_torch_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    path = small_corpus.write(tmp_path / "t.conllu", small_corpus.conllu(20))
    code = "import sys; sys.modules['torch'] = None; from treelet.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
