"""A folder of wheels in, its table out: made of what the wheels themselves say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from treelet.errors import PackageError
from treelet.installing.table import Entry, Table, make_table
from treelet.installing.wheel_check import read_wheel
from treelet.publishing.metadata import import_name


def table_of(
    folder: Path, name: str | None = None, skip: Callable[[PackageError], object] | None = None
) -> Table:
    """The table of all wheels of packages in a folder, or of those of one package; other files do not count.

    Raises PackageError for a wheel that is damaged, which `skip` hears of instead where it is given.
    """
    start = "treelet_" if name is None else f"{import_name(name)}-"
    try:
        paths = sorted(
            path for path in folder.iterdir() if path.name.startswith(start) and path.suffix == ".whl"
        )
    except OSError as error:
        raise PackageError(f"{folder}: cannot be read: {error.strerror}") from None
    if name is not None and not paths:
        names = sorted({path.name[8:].partition("-")[0] for path in folder.glob("treelet_*_*-*.whl")})
        raise PackageError(
            f"{folder}: no wheel of {name}; there are wheels of: {', '.join(names) or 'no package'}"
        )
    entries: list[tuple[str, str, Entry]] = []
    for path in paths:
        try:
            wheel = read_wheel(path)
        except PackageError as error:
            if skip is None:
                raise
            skip(error)
        else:
            entries.append((wheel.manifest.name, wheel.manifest.version, wheel.entry))
    return make_table(entries)
