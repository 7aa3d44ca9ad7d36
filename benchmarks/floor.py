r"""Each stage of a package: how long it must take on this core at least, and how long it takes.

    python benchmarks/floor.py en_core_web_sm --texts TEXTS.jsonl

*Multiply-adds* a word over the core's measured peak, in floats and in bytes (int8), and *bytes* a word,
besides the weights, over what the second cache reads in a second: a stage can hardly be faster than the
larger of them. *Measured* is CPU time in the running pipeline (shares.py), split where a stage was timed
alone (arithmetic.py): recurrent layers, lower rows. What depends on the text is counted in it: word types
that are new to the encoder's cache (`new_types.py`), and in the first `--traced` texts states that a walk
scores.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arithmetic import ROOT, build, run_kernels, shape_arguments
from contestants import Row, parser_of, show
from network_shapes import Stage, stages, weight_shapes
from new_types import new_types_a_word
from shares import measure

SECOND_CACHE = "read, 256 KB"
COLUMNS = [
    ("stage", "stage", ""),
    ("parameters", "parameters", ",d"),
    ("multiply_adds", "multiply-adds", ",.0f"),
    ("bytes", "bytes", ",.0f"),
    ("floor_fp32", "fp32 ns", ",.0f"),
    ("floor_int8", "int8 ns", ",.0f"),
    ("floor_bytes", "bytes ns", ",.0f"),
    ("measured", "measured ns", ",.0f"),
    ("precision", "run in", ""),
    ("of_measured", "floor / measured", ".0%"),
]


def rates_of(nlp: Any, texts: Sequence[str], traced: int) -> dict[str, float]:
    """A word: new types, and states with more than one action allowed of parser and recognizer."""
    found = {"types": new_types_a_word(token.text for text in texts for token in nlp.make_doc(text))}
    some = texts[:traced]
    for name in ("parser", "ner"):
        if name in nlp.pipe_names:
            steps = sum(step.score is not None for text in some for step in nlp.get_pipe(name).trace(text))
            found[name] = steps / max(1, sum(len(nlp.make_doc(text)) for text in some))
    return found


def ceilings(kernel_rows: Sequence[Row]) -> dict[str, float]:
    """Operations a nanosecond by precision, and bytes a nanosecond from the second cache."""
    found = {
        row["precision"]: row["operations"] / row["median"] for row in kernel_rows if row["name"] == "peak"
    }
    cache = next(row for row in kernel_rows if row["name"] == SECOND_CACHE)
    return {**found, "bytes": cache["operations"] / cache["median"]}


def precision_of(wish: str, kernel_rows: Sequence[Row]) -> str:
    """What the pipeline multiplies here: `auto` is int8 where the processor is made for it."""
    has_int8 = any(row["name"].startswith("affine") and row["precision"] == "int8" for row in kernel_rows)
    return wish if wish != "auto" else "int8" if has_int8 else "fp32"


def measured_alone(kernel_rows: Sequence[Row], layers: int, precision: str) -> dict[str, float]:
    """Nanoseconds a word of the stages that were timed outside the pipeline."""
    times = {row["name"]: row["median"] for row in kernel_rows if row["precision"] == precision}
    found = {f"{name}, lower rows": times.get(f"affine, {name}.lower") for name in ("parser", "ner")}
    found["recurrent layers"] = times["recurrent layer"] * layers if layers else None
    return {name: time for name, time in found.items() if time is not None}


def part_of_floor(row: Row, precision: str) -> float | None:
    """The floor over what was measured; None where one of them is unknown."""
    if not row.get("measured") or row.get("floor_fp32") is None:
        return None
    return float(max(row[f"floor_{precision}"], row["floor_bytes"]) / row["measured"])


def rows_of(
    found: Sequence[Stage],
    limits: Mapping[str, float],
    alone: Mapping[str, float],
    shares: Mapping[str, float],
) -> list[Row]:
    """A row a stage and one for all; what was timed alone is taken off its annotator's time."""
    rows: list[Row] = []
    for stage in found:
        rest = [other.name for other in found if other.annotator == stage.annotator and other.name in alone]
        measured = alone.get(stage.name)
        if measured is None and stage.annotator in shares:
            measured = shares[stage.annotator] * 1e3 - sum(alone[name] for name in rest)
        row: Row = {
            "stage": stage.name,
            "every_word": bool(stage.annotator),
            "parameters": stage.parameters,
            "multiply_adds": stage.multiply_adds,
            "bytes": stage.bytes,
            "floor_fp32": 2 * stage.multiply_adds / limits["fp32"],
            "floor_int8": 2 * stage.multiply_adds / limits["int8"] if "int8" in limits else None,
            "floor_bytes": stage.bytes / limits["bytes"],
            "measured": measured,
        }
        rows.append(row)
    rows.insert(0, {"stage": "tokenizer", "every_word": True, "measured": shares["tokenizer"] * 1e3})
    whole: Row = {"stage": "all, of a word"}
    for key in ("multiply_adds", "bytes", "floor_fp32", "floor_int8", "floor_bytes", "measured"):
        whole[key] = sum(row.get(key) or 0.0 for row in rows if row["every_word"])
    whole["parameters"] = sum(row.get("parameters", 0) for row in rows)
    return [*rows, whole]


def markdown(rows: Sequence[Row]) -> str:
    """The table of the page, with room for what was tried."""
    keys = ["floor_fp32", "floor_int8", "floor_bytes", "measured"]
    lines = [
        "| stage | multiply-adds | fp32 floor, ns | int8 floor, ns | bytes floor, ns | measured, ns "
        "| what was tried |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [format(row.get("multiply_adds") or 0, ",.0f")]
        cells += ["" if row.get(key) is None else format(row[key], ",.0f") for key in keys]
        lines.append(f"| {row['stage']} | {' | '.join(cells)} | |")
    return "\n".join(lines)


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("name", metavar="PACKAGE", help="treelet package, name or folder")
    parser.add_argument("--traced", type=int, default=20, help="texts whose walks are counted")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "benchmarks", help="build folder")
    parser.add_argument("--markdown", action="store_true", help="a table for a page")
    options = parser.parse_args()
    options.package, options.peer = [options.name], []
    import treelet
    from treelet.package.find import find_package

    nlp, folder = treelet.load(options.name), find_package(options.name)
    encoder = nlp.settings.encoder
    with open(options.texts, encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    arguments = [*shape_arguments(encoder, folder), "--rounds", str(max(1, options.rounds))]
    kernel_rows = run_kernels(build(options.build), arguments, options.core)["rows"]
    shares = {row["stage"]: row["microseconds_a_word"] for row in measure(options)}
    found = stages(weight_shapes(folder), encoder, rates_of(nlp, texts, options.traced))
    precision = precision_of(getattr(encoder, "precision", "fp32"), kernel_rows)
    alone = measured_alone(kernel_rows, encoder.recurrent_layers, precision)
    rows = rows_of(found, ceilings(kernel_rows), alone, shares)
    for row in rows:
        row["precision"], row["of_measured"] = precision, part_of_floor(row, precision)
    if options.markdown and not options.json:
        print(markdown(rows))
        return
    show(rows, COLUMNS, options)


if __name__ == "__main__":
    main()
