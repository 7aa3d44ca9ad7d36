r"""Bytes of a package's folder, file by file, beside those of a spaCy pipeline.

    python benchmarks/size.py --package en_core_web_sm --peer PIPELINE --peer-python .venv-spacy/bin/python

Sizes are those of the files, not of the blocks they take; MB of 1,000,000 bytes.
"""

from contextlib import ExitStack
from pathlib import Path

from contestants import Row, parser_of, show, started, systems_of

COLUMNS = [
    ("system", "system", ""),
    ("file", "file", ""),
    ("bytes", "bytes", ",d"),
    ("share", "share", ".1%"),
    ("times_as_small", "ratio", ".2f"),
]


def file_rows(system: str, folder: Path) -> list[Row]:
    """The files of a folder, largest first, then all of them in one row."""
    sizes = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    whole = sum(sizes.values())
    rows: list[Row] = [
        {"system": system, "file": name, "bytes": size, "share": size / whole}
        for name, size in sorted(sizes.items(), key=lambda item: -item[1])
    ]
    return [*rows, {"system": system, "file": "all", "bytes": whole, "share": 1.0}]


def main() -> None:
    options = parser_of(__doc__, texts=False).parse_args()
    with ExitStack() as stack:
        rows = [
            row
            for contestant in started(stack, systems_of(options), options.core)
            for row in file_rows(contestant.system.name, Path(contestant.ask("folder")["folder"]))
        ]
    for row in rows:
        if row["file"] == "all":
            row["times_as_small"] = rows[-1]["bytes"] / row["bytes"]
    show(rows, COLUMNS, options)


if __name__ == "__main__":
    main()
