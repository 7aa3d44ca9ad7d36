r"""Our layers beside the ceilings of this core: its peak, and plain packed products of the same shapes.

    python benchmarks/arithmetic.py [--package en_core_web_sm] [--isa avx2]

Builds benchmarks/kernels with CMake (a minute or two, the first time) and runs it on one pinned core: all
rows in turns, CPU time, medians. *Of plain*: how long plain products of the same shapes, which do nothing
else and have everything in the cache, take over the row's own time: 100 % would say that all the rest is
free. *Of plain fp32*: the same with products of floats, whatever the row's precision. *Of peak*: operations
over what the core does without touching memory.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contestants import Row, last_core, show
from network_shapes import affine_maps, weight_shapes

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = [
    ("name", "what", ""),
    ("precision", "precision", ""),
    ("median", "ns a word", ",.1f"),
    ("fastest", "fastest", ",.1f"),
    ("giga", "G/s", ",.1f"),
    ("of_peak", "of peak", ".1%"),
    ("of_plain", "of plain", ".1%"),
    ("of_plain_fp32", "of plain fp32", ".1%"),
]


def build(folder: Path) -> Path:
    """The program, built anew where its sources changed. Ends this one when that fails."""
    cmake_dir = [sys.executable, "-m", "nanobind", "--cmake_dir"]
    nanobind = subprocess.run(cmake_dir, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    configure = ["cmake", "-S", str(ROOT), "-B", str(folder), "-DTREELET_BENCHMARKS=ON"]
    configure += [f"-DPython_EXECUTABLE={sys.executable}", f"-Dnanobind_DIR={nanobind}"]
    compile_it = ["cmake", "--build", str(folder), "--target", "treelet_kernels", "--parallel", "2"]
    for command in (configure, compile_it):
        result = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if result.returncode:
            raise SystemExit(f"{' '.join(command)}\nended with code {result.returncode}:\n{result.stdout}")
    return folder / "benchmarks" / "kernels" / "treelet_kernels"


def shape_arguments(encoder: Any, folder: Path) -> list[str]:
    """The program's options for the network of a package; `encoder`: that section of its settings."""
    names = ("width", "pieces", "window", "depth", "recurrent_layers", "recurrent_units")
    found = []
    for name in names:
        if name != "recurrent_units" or encoder.recurrent_layers > 0:
            found += [f"--{name.replace('_', '-')}", str(getattr(encoder, name))]
    for name, (inputs, outputs) in affine_maps(weight_shapes(folder)).items():
        found += ["--affine", f"{name}={inputs}x{outputs}"]
    return found


def run_kernels(program: Path, arguments: Sequence[str], core: int, isa: str = "") -> dict[str, Any]:
    """What the program printed, pinned to a core."""
    pin = (lambda: os.sched_setaffinity(0, {core})) if hasattr(os, "sched_setaffinity") else None
    environment = {**os.environ, **({"TREELET_ISA": isa} if isa else {})}
    printed = subprocess.run(
        [program, *arguments], check=True, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=pin
    ).stdout
    found: dict[str, Any] = json.loads(printed)
    return found


def with_ceilings(rows: Sequence[Row]) -> list[Row]:
    """Adds operations a second, and shares of the peak and of plain products."""
    peaks = {row["precision"]: row["operations"] / row["median"] for row in rows if row["name"] == "peak"}
    plain = {
        (row["precision"], *map(tuple, row["products"])): row["median"]
        for row in rows
        if row["name"].startswith("plain product")
    }
    found = []
    for row in rows:
        row = {**row}
        if row["operations"] > 0:
            row["giga"] = row["operations"] / row["median"]
            if row["precision"] in peaks:
                row["of_peak"] = row["giga"] / peaks[row["precision"]]
        for key, precision in (("of_plain", row["precision"]), ("of_plain_fp32", "fp32")):
            times = [plain.get((precision, tuple(product))) for product in row["products"]]
            if times and None not in times:
                row[key] = sum(time for time in times if time is not None) / row["median"]
        found.append(row)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", default="en_core_web_sm", help="whose shapes are taken, name or folder")
    parser.add_argument("--isa", default="", help="TREELET_ISA; the fastest where nothing is said")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "benchmarks", help="build folder")
    parser.add_argument("--rounds", type=int, default=9, help="rounds after the one that warms up")
    parser.add_argument("--words", type=int, default=256, help="words of the document for the encoder")
    parser.add_argument("--core", type=int, default=last_core(), help="core that it is pinned to")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    options = parser.parse_args()
    import treelet
    from treelet.package.find import find_package

    shapes = shape_arguments(treelet.load(options.package).settings.encoder, find_package(options.package))
    counts = ["--rounds", str(options.rounds), "--words", str(options.words)]
    found = run_kernels(build(options.build), [*shapes, *counts], options.core, options.isa)
    if not options.json:
        print(f"kernels: {found['kernels']}")
    show(with_ceilings(found["rows"]), COLUMNS, options)


if __name__ == "__main__":
    main()
