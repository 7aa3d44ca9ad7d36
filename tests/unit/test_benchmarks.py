"""The benchmarks start, and their arithmetic is right; nothing here takes a time."""

import importlib
import json
import struct
import sys
from argparse import Namespace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
NO_COMMAND = {"contestants", "network_shapes", "new_types", "peer", "peer_spacy", "worker"}
NO_COMMAND |= {"fuzz_archives", "fuzz_mutations", "fuzz_networks", "fuzz_published", "fuzz_worker"}
NO_COMMAND |= {"sensitivity_table"}


@pytest.fixture(autouse=True)
def _benchmarks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.syspath_prepend(str(FOLDER.parent / "tests"))


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


COMMANDS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NO_COMMAND)
OF_SPEED = [
    "speed",
    "shares",
    "tokenizer_speed",
    "latency",
    "memory",
    "threads",
    "document_length",
]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = module(name)
    monkeypatch.setattr(sys, "argv", [f"{name}.py", "--help"])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    assert stopped.value.code == 0
    assert f"benchmarks/{name}.py" in capsys.readouterr().out


@pytest.mark.parametrize("name", OF_SPEED)
def test_a_system_must_be_named(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "One."}\n')
    command = module(name)
    monkeypatch.setattr(sys, "argv", [f"{name}.py", "--texts", str(texts)])
    with pytest.raises(SystemExit, match="at least one"):
        command.main()


def test_the_page_shows_every_command() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"benchmarks/{name}.py" in page


def test_a_table_lines_up_and_knows_what_is_missing() -> None:
    rows = [{"name": "a", "value": 1234.5}, {"name": "long one"}]
    lines = module("contestants").table(rows, [("name", "name", ""), ("value", "value", ",.1f")])
    assert lines.splitlines() == ["name        value", "a         1,234.5", "long one        -"]


def test_json_holds_all_of_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    module("contestants").show([{"shown": 1, "not shown": 2}], [("shown", "", "d")], Namespace(json=True))
    assert json.loads(capsys.readouterr().out) == [{"shown": 1, "not shown": 2}]


def test_speeds_are_medians_of_warm_rounds() -> None:
    contestants = module("contestants")
    seconds = [10.0, 2.0, 1.0, 4.0]
    answers = [
        {"words": 100, "seconds": each, "cpu_seconds": each / 2, "peak_megabytes": 7.0} for each in seconds
    ]
    contestant = SimpleNamespace(system=contestants.System("treelet", "folder/name", ""), answers=answers)
    row = contestants.speed_row(contestant)
    assert row["system"] == "treelet name"
    assert (row["seconds"], row["words_per_second"], row["cold_words_per_second"]) == (2.0, 50.0, 10.0)
    assert (row["slowest"], row["fastest"], row["busy"], row["rounds"]) == (25.0, 100.0, 0.5, 3)


def test_ratios_are_against_the_last_row() -> None:
    rows = [{"seconds": 1.0}, {"seconds": 4.0}]
    module("contestants").add_ratio(rows)
    assert [row["times_as_fast"] for row in rows] == [4.0, 1.0]


@pytest.mark.parametrize(("part", "value"), [(0.0, 1), (0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10)])
def test_percentiles(part: float, value: int) -> None:
    assert module("latency").percentile(range(1, 11), part) == value


def test_latency_tells_new_sentences_from_known_ones() -> None:
    rows = module("latency").rows_of(["ours", "peer"], [[[0.1], [0.01, 0.03]], [[0.2], [0.1, 0.1]]])
    found = {(row["system"], row["texts"]): row for row in rows}
    assert found["ours", "new"]["median"] == pytest.approx(100.0)
    assert found["ours", "known"]["median"] == pytest.approx(20.0)
    assert found["ours", "known"]["times_as_fast"] == pytest.approx(5.0)


def test_an_annotator_takes_what_leaving_it_out_saves() -> None:
    answers = [
        {"words": 10, "without": {"whole": [5.0, 5.0], "none": [1.0, 1.0], "parser": [2.0, 3.0]}},
        {"words": 10, "without": {"whole": [6.0, 4.0], "none": [1.0, 1.0], "parser": [2.0, 2.0]}},
    ]
    rows = {row["stage"]: row for row in module("shares").stage_rows("ours", answers)}
    assert rows["parser"]["microseconds_a_word"] == pytest.approx(0.5e6)  # 9 − 4, of 10 words
    assert rows["encoder"]["microseconds_a_word"] == pytest.approx(0.2e6)
    assert rows["all"]["microseconds_a_word"] == pytest.approx(0.9e6)
    assert sum(row["share"] for row in rows.values()) == pytest.approx(2.0)


def test_files_of_a_package(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "small").write_bytes(b"1")
    (tmp_path / "inner" / "large").write_bytes(b"123")
    rows = module("size").file_rows("ours", tmp_path)
    assert [(row["file"], row["bytes"]) for row in rows] == [
        (str(Path("inner") / "large"), 3),
        ("small", 1),
        ("all", 4),
    ]


def test_a_refused_document_has_no_speed() -> None:
    length = module("document_length")
    system = module("contestants").System("spacy", "name", "")
    row = length.row_of(system, 1000, [{"refused": "too long", "characters": 5000}])
    assert row == {"system": "spacy name", "asked": 1000, "characters": 5000, "refused": "too long"}


def test_shapes_come_from_the_head_of_the_weights(tmp_path: Path) -> None:
    head = json.dumps(
        {"__metadata__": {"a": "b"}, "parser.lower": {"dtype": "F16", "shape": [6, 2]}}
    ).encode()
    (tmp_path / "weights.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + b"\0" * 24)
    shapes = module("network_shapes").weight_shapes(tmp_path)
    assert shapes == {"parser.lower": (6, 2)}
    assert module("network_shapes").affine_maps(shapes) == {"parser.lower": (2, 6)}


def test_multiply_adds_of_a_small_network() -> None:
    shapes = {
        "embed.norm": (10, 4),
        "mix.weight": (8, 4),
        "mix.bias": (8,),
        "encoder.0.weight": (8, 12),
        "recurrent.0.ahead.weight": (6, 4),
        "recurrent.0.back.weight": (6, 4),
        "recurrent.0.mix.weight": (8, 10),
        "upos.weight": (5, 4),
        "feats.weight": (7, 4),
        "parser.lower": (12, 4),
        "parser.upper.weight": (3, 2),
    }
    encoder = SimpleNamespace(width=4, pieces=2, window=1, depth=1, recurrent_layers=1, recurrent_units=3)
    found = {
        stage.name: stage
        for stage in module("network_shapes").stages(shapes, encoder, {"types": 0.5, "parser": 2.0})
    }
    assert found["tables of words"].parameters == 40
    types = found["word types (50% new): mix, first convolution"]
    assert types.multiply_adds == 0.5 * (8 * 4 + 8 * 12)
    assert types.bytes == 4 * 4 + 3 * (64 + 2 * 8)
    assert found["recurrent layers"].multiply_adds == 6 * 4 + 6 * 4 + 8 * 10
    assert found["morphologizer"].multiply_adds == 48
    assert found["parser, lower rows"].multiply_adds == 48
    assert found["parser, walk"].multiply_adds == 2 * 6


def test_the_floor_is_taken_off_what_was_measured() -> None:
    stage = module("network_shapes").Stage
    found = [stage("lower", "parser", 10, 100.0), stage("walk", "parser", 1, 10.0, 8.0)]
    limits = {"fp32": 4.0, "int8": 16.0, "bytes": 2.0}
    rows = module("floor").rows_of(found, limits, {"lower": 60.0}, {"tokenizer": 0.001, "parser": 0.1})
    by_name = {row["stage"]: row for row in rows}
    assert by_name["lower"]["floor_fp32"] == 50.0
    assert by_name["lower"]["floor_int8"] == 12.5
    assert by_name["walk"]["measured"] == pytest.approx(40.0)
    assert module("floor").part_of_floor(by_name["walk"], "fp32") == pytest.approx(5 / 40)
    assert module("floor").part_of_floor(by_name["walk"], "int8") == pytest.approx(4 / 40)
    assert module("floor").part_of_floor(by_name["tokenizer"], "fp32") is None
    assert by_name["all, of a word"]["measured"] == pytest.approx(101.0)
    assert module("floor").markdown(rows).count("\n") == len(rows) + 1


def test_new_types_are_those_that_the_cache_forgot() -> None:
    new_types_a_word = module("new_types").new_types_a_word
    assert new_types_a_word(["a", "b", "a"], most=4) == 0.0
    assert new_types_a_word([str(number) for number in range(10)], most=2) == 1.0


def test_plain_products_are_the_measure_of_layers() -> None:
    rows = [
        {"name": "peak", "precision": "fp32", "operations": 200.0, "median": 1.0, "products": []},
        {
            "name": "layer",
            "precision": "fp32",
            "operations": 300.0,
            "median": 3.0,
            "products": [[2, 3], [2, 3]],
        },
        {"name": "plain product, 2 to 3", "precision": "fp32", "operations": 150.0, "median": 1.0}
        | {"products": [[2, 3]]},
    ]
    found = {row["name"]: row for row in module("arithmetic").with_ceilings(rows)}
    assert found["layer"]["of_peak"] == pytest.approx(0.5)
    assert found["layer"]["of_plain"] == pytest.approx(2 / 3)


def test_a_worker_counts_and_refuses_nothing_it_can_do(tmp_path: Path) -> None:
    worker = module("worker")
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "a b"}\n{"text": "c"}\n')

    class Nlp:
        """Cuts at white space; refuses long texts as spaCy does."""

        pipe_names = ("tagger",)

        def make_doc(self, text: str) -> list[str]:
            if len(text) > 1000:
                raise ValueError("[E088] Text is too long. More of it.")
            return text.split()

        __call__ = make_doc

        def pipe(self, texts: list[str], **_options: object) -> list[list[str]]:
            return [self.make_doc(text) for text in texts]

    one = worker.Worker("treelet", "name", Nlp())
    assert one.read(str(path), times=2) == {"texts": 4}
    assert one.read(str(path), half=1) == {"texts": 1}
    one.read(str(path))
    assert one.pipe(keep=True)["words"] == one.pipe(keep=False)["words"] == 3
    assert one.tokenize()["words"] == one.tokenize(batched=True)["words"] == 3
    assert one.count(["a b c"]) == {"words": [3]}
    assert len(one.calls(["a", "b"])["seconds"]) == 2
    assert one.stream_file(str(path), times=3, keep=True) == {"words": 9, "docs": 6}
    found = one.documents(str(path), 5, least_words=10)
    assert (found["documents"], found["words"], found["characters"]) == (2, 10, 9)
    assert set(one.stages(part=1)["without"]) == {"whole", "none", "tagger"}
    assert one.documents(str(path), 600)["refused"] == "[E088] Text is too long"
