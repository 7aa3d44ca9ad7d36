"""How much each hyper-parameter matters, from where it was measured to where people see it.

    python benchmarks/spreads.py

benchmarks/sensitivity.json in; src/treelet/settings/spreads.json and docs/settings.md out.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from treelet.settings.documents import page
from treelet.settings.measured import NOISE, spreads
from treelet.settings.schema import all_fields

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ROOT / "benchmarks" / "sensitivity.json"
SPREADS = ROOT / "src" / "treelet" / "settings" / "spreads.json"
PAGE = ROOT / "docs" / "settings.md"

Spreads = dict[str, dict[str, float]]


def spreads_of(measured: dict[str, Any]) -> Spreads:
    """Of what sensitivity.json holds: the noise first, then the settings in the order of the schema.

    Raises KeyError for a name that the schema does not have.
    """
    of_setting: Spreads = dict(measured["spread"])
    noise = {corpus: _rounded(found["noise"]) for corpus, found in measured["default"].items()}
    found = {NOISE: noise}
    for section, field in all_fields():
        of_corpus = of_setting.pop(f"{section}.{field.name}", None)
        if of_corpus:
            found[f"{section}.{field.name}"] = {name: _rounded(of_corpus[name]) for name in of_corpus}
    if of_setting:
        raise KeyError(f"no settings: {', '.join(of_setting)}")
    return found


def _rounded(points: float) -> float:
    return round(points, 2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measured", type=Path, nargs="?", default=MEASURED)
    options = parser.parse_args()
    found = spreads_of(json.loads(options.measured.read_text(encoding="utf-8")))
    lines = [f" {json.dumps(name)}: {json.dumps(of_corpus)}" for name, of_corpus in found.items()]
    SPREADS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    spreads.cache_clear()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{len(found) - 1} settings in {SPREADS}; {PAGE} is made of them")


if __name__ == "__main__":
    main()
