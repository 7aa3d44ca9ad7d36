"""How exact the parser's oracle is: its costs against brute force, over every state of short sentences.

    python benchmarks/oracle_errors.py [--json]

Needs the folder `tests` beside this one. About a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from treelet import _core

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from brute_force import KINDS, Gold, Tally, deprels_at_random, masked, measure, several, unknown_starts

KIND_SETS: dict[str, list[str]] = {
    "one tree, 1 to 5 words": [f"trees of {n}" for n in range(1, 6)],
    "several sentences, 4 and 5 words": ["sentences in 4 words", "sentences in 5 words"],
    "heads, labels, starts missing, 4 and 5 words": [
        "annotation missing in 4 words",
        "annotation missing in 5 words",
    ],
}


def golds_of(name: str) -> list[list[Gold]]:
    """Lists of gold annotations, each over as many words throughout."""
    if name in KIND_SETS:
        return [KINDS[kind]() for kind in KIND_SETS[name]]
    if name == "two labels, 3 words":
        return [deprels_at_random(several(3), 0) + masked(deprels_at_random(several(3), 1), 2)]
    return [unknown_starts(several(4))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    rows = []
    for repairs in (True, False):
        for name in [*KIND_SETS, "two labels, 3 words", "no start known, 4 words"]:
            labels = ["a", "b"] if "labels, 3" in name else ["a"]
            system = _core.ArcEager(labels, labels, ["8"], repairs)
            total = Tally()
            for golds in golds_of(name):
                one = measure(system, golds)
                for key in vars(total):
                    setattr(total, key, getattr(total, key) + getattr(one, key))
            rows.append({"non_monotonic": repairs, "gold": name, **asdict(total)})
            if not arguments.json:
                show(rows[-1], first=len(rows) == 1)
    if arguments.json:
        print(json.dumps(rows, indent=1))


def show(row: dict[str, object], first: bool) -> None:
    """One line; shares of actions and of states in percent."""
    names = ("wrong_cost", "wrong_repairs", "unsound", "wasteful", "empty")
    if first:
        print(f"{'repairs':8}{'gold':46}{'actions':>9}{'states':>9}" + "".join(f"{n:>15}" for n in names))
    total = {name: int(str(row["actions" if name.startswith("wrong") else "states"])) for name in names}
    shares = "".join(f"{100 * int(str(row[name])) / total[name]:>14.3f}%" for name in names)
    start = f"{'on' if row['non_monotonic'] else 'off':8}{row['gold']:46}"
    print(start + f"{row['actions']:>9,}{row['states']:>9,}" + shares)


if __name__ == "__main__":
    main()
