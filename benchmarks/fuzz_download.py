"""Damage wheels and tables at random and read them: crashes, hangs, blow-ups, wrong errors, code let in.

    python benchmarks/fuzz_download.py --count 20000 --seed 1

What is right: an error of the library, or a wheel of plain data that fits its hashes (a table that says the
same when written and read again). Cases are numbered; `--first N --count 1` runs one again.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

from fuzz_mutations import PIECES, change_bytes, change_value, mend_hashes

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from random_package import save_random_package
from small_wheels import FOLDER, record_of, write_wheel
from treelet.errors import TreeletError
from treelet.installing import parse_table, read_wheel, table_of
from treelet.installing.table import table_to_json

NAMES = (
    "evil.py",
    "evil.pth",
    "../evil",
    f"{FOLDER}/x.py",
    f"{FOLDER}-0.1.0.data/scripts/x",
    "C:\\x",
    "a\0b",
)

LONGEST_ERROR = 45_000
"""Characters: errors quote 4,000 at most, which escapes may make ten times as long."""


def damaged_wheel(wheel: bytes, chance: Random) -> bytes:
    """Its bytes changed; or its files, with hashes made right again, most times."""
    if chance.random() < 0.4:
        end = chance.random() < 0.5 and wheel.rfind(b"PK\1\2", 0, -400)
        return wheel[:end] + change_bytes(wheel[end:], chance, wheel) if end else change_bytes(wheel, chance)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    record = next(name for name in files if name.endswith("RECORD"))
    name = chance.choice(sorted(files))
    kind = chance.randrange(5)
    if kind == 0:
        files[chance.choice(NAMES)] = chance.choice(PIECES)
    elif kind == 1:
        del files[name]
    elif kind == 2 and name.endswith(".json"):
        files[name] = json.dumps(change_value(json.loads(files[name]), chance)).encode("utf-8", "replace")
    else:
        files[name] = change_bytes(files[name], chance, files[chance.choice(sorted(files))])
    if chance.random() < 0.8:
        inside = {
            n.removeprefix(f"{FOLDER}/"): data for n, data in files.items() if n.startswith(f"{FOLDER}/")
        }
        mend_hashes(inside, chance)
        files |= {f"{FOLDER}/{n}": data for n, data in inside.items()}
    if record in files and name != record:
        files[record] = record_of(files, record)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, chance.choice((0, 0, 8, 12)) if kind == 4 else None)
    return out.getvalue()


def damaged_table(table: bytes, chance: Random) -> bytes:
    """Its bytes or values changed."""
    if chance.random() < 0.3:
        return change_bytes(table, chance)
    value = json.loads(table)
    for _ in range(chance.choice((1, 1, 3))):
        value = change_value(value, chance)
    return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")


def try_wheel(content: bytes, path: Path) -> str:
    """What came of it: refused, read, or what is wrong."""
    path.write_bytes(content)
    try:
        wheel = read_wheel(path)
    except TreeletError as error:
        return (
            "refused"
            if len(str(error)) < LONGEST_ERROR
            else f"WRONG: an error of {len(str(error))} characters"
        )
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if any(name.endswith((".py", ".pth", ".so")) or ".." in name or "\\" in name for name in names):
            return f"WRONG: {names}"
        for name, entry in wheel.manifest.files.items():
            data = archive.read(f"{FOLDER}/{name}") if f"{FOLDER}/{name}" in names else b""
            if hashlib.sha256(data).hexdigest() != entry.sha256 and f"{FOLDER}/{name}" in names:
                return f"WRONG: {name} has another hash"
    return "read"


def try_table(content: bytes) -> str:
    """The same of a table."""
    try:
        table = parse_table(content, "table")
    except TreeletError as error:
        return (
            "refused"
            if len(str(error)) < LONGEST_ERROR
            else f"WRONG: an error of {len(str(error))} characters"
        )
    return "read" if parse_table(table_to_json(table), "again") == table else "WRONG: reads as another"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    outcomes: Counter[str] = Counter()
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        package = save_random_package(Path(folder) / "tiny")
        path = write_wheel(package, Path(folder) / "wheels", "0.1.0")
        write_wheel(package, Path(folder) / "wheels", "0.1.1")
        wheel, table = path.read_bytes(), table_to_json(table_of(path.parent))
        for number in range(arguments.first, arguments.first + arguments.count):
            chance = Random(f"{arguments.seed} {number}")
            for kind in ("wheel", "table"):
                content = damaged_wheel(wheel, chance) if kind == "wheel" else damaged_table(table, chance)
                start = time.perf_counter()
                outcome = try_wheel(content, path) if kind == "wheel" else try_table(content)
                slowest = max(slowest, (time.perf_counter() - start, f"{kind} {number}"))
                outcomes[f"{kind} {outcome.split(':')[0]}"] += 1
                if outcome.startswith("WRONG"):
                    print(f"{kind} {number}: {outcome}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(dict(outcomes), f"slowest {slowest[0]:.2f} s ({slowest[1]}), {memory:.0f} MB")


if __name__ == "__main__":
    main()
