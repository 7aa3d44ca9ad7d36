"""Writes the structures of packages that are being released into src/treelet/package/released.json.

    python tools/record_structures.py src/treelet/models/en_core_web_sm FOLDER…

From then on a package of that name and a.b that is made otherwise is refused. What has been recorded is never
changed: another structure needs another second number.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from treelet.errors import PackageError
from treelet.package import Manifest, read_manifest
from treelet.package.structure import differences
from treelet.package.version import numbers_of, structure_version

RELEASED = Path(__file__).resolve().parent.parent / "src" / "treelet" / "package" / "released.json"


def record(released: dict[str, dict[str, dict[str, object]]], manifest: Manifest) -> None:
    """Add the structure of one package. Raises PackageError where its a.b has another one."""
    version = structure_version(manifest.version)
    structure = {name: value for name, value in manifest.structure.items() if name != "version"}
    known = released.setdefault(manifest.name, {}).setdefault(version, structure)
    if changed := differences(known, structure):
        raise PackageError(f"{manifest.name} {version} was released with another structure: {changed[0]}")


def main() -> None:
    """Record the packages that are named on the command line."""
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    for name in sys.argv[1:]:
        record(released, read_manifest(name))
    rows = []
    for name in sorted(released):
        versions = sorted(released[name].items(), key=lambda item: numbers_of(item[0]))
        rows.append(f"{json.dumps(name)}: {json.dumps(dict(versions))}")
    RELEASED.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
