"""compatibility.json to a Table and back: which versions of which packages fit which library, newest first.

    {"format": 1,
     "treelet": {"0.1": {"en_core_web_sm": ["0.1.1", "0.1.0"]}},
     "files": {"en_core_web_sm": {"0.1.1": {"file": …, "sha256": …, "bytes": …, "treelet": ">=0.1.0,<1"}, …}}}

A library goes by the row of its minor version, else by the nearest lower one of its major version; of what
that row has, only files count whose own range admits the library. A file that no row has is withdrawn.
"""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
import json
from collections.abc import Iterable

from treelet import _core
from treelet.errors import FormatError, PackageError
from treelet.package.version import is_version, numbers_of, release_of, version_fits
from treelet.settings.section import Annotated, Rule, Section, WrongValue

TABLE_FILE = "compatibility.json"
FORMAT = 1
MOST_TABLE_BYTES = 20_000_000
MOST_WHEEL_BYTES = 2**33

_WHEEL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")
_SIGNS = ("==", ">=", ">")
"""What a lower bound of a range starts with."""


def is_model_name(name: str) -> bool:
    """Whether it is written as `lang_type_genre_size` is: four parts of a-z and 0-9."""
    parts = name.split("_")
    return (
        len(parts) == 4
        and len(name) <= 60
        and all(p.isascii() and p.isalnum() and p.islower() for p in parts)
    )


def _is_wheel_name(file: str) -> bool:
    return len(file) <= 150 and file.endswith("-py3-none-any.whl") and _WHEEL_CHARACTERS.issuperset(file)


class Entry(Section):
    """A file that the table names: a wheel beside it."""

    known_only = False

    file: Annotated[str, Rule(fits=_is_wheel_name, expected="the name of a wheel, without a folder")]
    sha256: Annotated[
        str,
        Rule(
            fits=lambda text: len(text) == 64 and set(text) <= set("0123456789abcdef"),
            expected="64 hexadecimal digits",
        ),
    ]
    bytes: Annotated[int, Rule(low=1, high=MOST_WHEEL_BYTES, unit="bytes")]
    treelet: str
    """Versions of the library that can load it, such as ">=0.1.0,<1"."""


class Table(Section):
    """What is in a folder of wheels, and for whom."""

    known_only = False

    format: Annotated[int, Rule(low=FORMAT, high=FORMAT)]
    treelet: dict[str, dict[str, list[str]]]
    """Minor version of the library to name to versions, newest first."""
    files: dict[str, dict[str, Entry]]
    """Name to version to file."""

    def row(self, library: str) -> dict[str, list[str]]:
        """Name to versions, newest first, for a library; empty where the table knows none of its major."""
        own = release_of(library)[:2]
        lower = [numbers_of(minor) for minor in self.treelet]
        there = [minor for minor in lower if minor[0] == own[0] and minor <= own]
        return self.treelet[_dotted(max(there))] if there else {}

    def versions(self, name: str, library: str) -> list[str]:
        """Versions of a package that fit a library, newest first."""
        return [v for v in self.row(library).get(name, []) if self.fits(name, v, library)]

    def fits(self, name: str, version: str, library: str) -> bool:
        """Whether the file of that version, which the table has, is for the library."""
        return is_for(library, version, self.files[name][version].treelet)


def is_for(library: str, version: str, wanted: str) -> bool:
    """Whether a library can load a package of that version and range."""
    return numbers_of(version)[0] == release_of(library)[0] and version_fits(library, wanted)


def choose(table: Table, name: str, version: str | None, library: str, where: str) -> str:
    """The newest version that fits the library, or the one asked for.

    Raises PackageError where there is none, or the one asked for does not fit; it says what there is.
    """
    fitting = table.versions(name, library)
    known = table.files.get(name)
    if known is None:
        names = ", ".join(sorted(table.files)) or "none"
        raise PackageError(f"{where}: no package {name}; there are: {names}")
    instead = f"treelet {library} can have {', '.join(fitting[:5])}" if fitting else _wants(known, library)
    if version is None:
        if not fitting:
            raise PackageError(f"{where}: no {name} for treelet {library}: {instead}")
        return fitting[0]
    if version in fitting:
        return version
    if version not in known:
        raise PackageError(f"{where}: no {name} {version}: {instead}")
    if table.fits(name, version, library):
        raise PackageError(f"{where}: {name} {version} has been withdrawn: {instead}")
    wanted = known[version].treelet
    raise PackageError(
        f"{where}: {name} {version} is for treelet {wanted}, this is treelet {library}: "
        + (instead if fitting else f"pip install 'treelet{wanted}'")
    )


def _wants(known: dict[str, Entry], library: str) -> str:
    newest = max(known, key=numbers_of)
    return f"{newest} is for treelet{known[newest].treelet}, pip install 'treelet{known[newest].treelet}'"


def make_table(entries: Iterable[tuple[str, str, Entry]]) -> Table:
    """The table of files: (name, version, file). A row for each minor version at which a range starts.

    The same files give the same table in any order. Raises PackageError for two files of one version.
    """
    files: dict[str, dict[str, Entry]] = {}
    for name, version, entry in sorted(entries, key=lambda each: (each[0], numbers_of(each[1]))):
        if version in files.setdefault(name, {}):
            raise PackageError(f"{entry.file}: {name} {version} is there twice, {files[name][version].file}")
        files[name][version] = entry
    newest_first = {name: dict(reversed(its.items())) for name, its in files.items()}
    needs = {(version, entry.treelet) for its in files.values() for version, entry in its.items()}
    rows = {}
    for minor in sorted({minor for need in needs for minor in _first_minors(*need)}, reverse=True):
        row = {
            name: [version for version, entry in its.items() if _overlaps(version, entry.treelet, minor)]
            for name, its in newest_first.items()
        }
        rows[_dotted(minor)] = {name: versions for name, versions in row.items() if versions}
    return Table(format=FORMAT, treelet=rows, files=newest_first)


def _first_minors(version: str, wanted: str) -> set[tuple[int, int]]:
    """The minor versions, of the package's major one, at which the conditions of a range start to hold."""
    own = numbers_of(version)[0]
    lower = [
        release_of(part.strip().lstrip("=<> "))
        for part in wanted.split(",")
        if part.strip().startswith(_SIGNS)
    ]
    return {max((major, minor), (own, 0)) for major, minor, _ in lower if major <= own} or {(own, 0)}


def _overlaps(version: str, wanted: str, minor: tuple[int, int]) -> bool:
    """Whether some library of a minor version can load it: its first, its last, or one at a bound."""
    numbers = [release_of(part.strip().lstrip("=<> ")) for part in wanted.split(",")]
    thirds = {0, 999_999, *(n[2] + step for n in numbers if n[:2] == minor for step in (-1, 0, 1))}
    return any(is_for(_dotted((*minor, third)), version, wanted) for third in thirds if 0 <= third <= 999_999)


def _dotted(numbers: Iterable[int]) -> str:
    return ".".join(map(str, numbers))


def table_to_json(table: Table) -> bytes:
    """Readable JSON, the same for the same table."""
    return json.dumps(table.to_dict(), indent=1, ensure_ascii=True).encode() + b"\n"


def parse_table(content: bytes, where: str) -> Table:
    """The table in the bytes of compatibility.json.

    Raises PackageError that says where something else was found than a table.
    """
    if len(content) > MOST_TABLE_BYTES:
        raise PackageError(f"{where}: {len(content)} bytes, expected at most {MOST_TABLE_BYTES:,}")
    try:
        values = _core.read_json(content.decode())
        found = values.get("format") if isinstance(values, dict) else FORMAT
        if type(found) is int and found > FORMAT:
            raise PackageError(f"{where}: format {found}, expected {FORMAT}; upgrade treelet")
        table = Table.read(values)
        _check_rows(table)
        _check_files(table, where)
    except WrongValue as error:
        at = f"{error.path}: " if error.path else ""
        raise PackageError(f"{where}: {at}{error}; not a {TABLE_FILE} that can be used") from None
    except (FormatError, UnicodeDecodeError, RecursionError) as error:
        raise PackageError(f"{where}: {error}; not a {TABLE_FILE}") from None
    return table


def _check_rows(table: Table) -> None:
    for minor, row in table.treelet.items():
        if len(numbers_of(minor)) != 2 or _dotted(numbers_of(minor)) != minor:
            raise (
                WrongValue("expected a minor version of the library, such as 0.1")
                .under(minor)
                .under("treelet")
            )
        for name, versions in row.items():
            problem = next(
                (f"{v} is not among the files" for v in versions if v not in table.files.get(name, {})), ""
            )
            if not problem and versions != sorted(set(versions), key=numbers_of, reverse=True):
                problem = f"found {', '.join(versions[:5])}, expected each once, newest first"
            if problem:
                raise WrongValue(problem).under(name).under(minor).under("treelet")


def _check_files(table: Table, where: str) -> None:
    for name, versions in table.files.items():
        for version, entry in versions.items():
            problem = "" if is_model_name(name) else "expected lang_type_genre_size, such as en_core_web_sm"
            problem = problem or ("" if is_version(version) else "expected a version such as 0.1.0")
            if not problem and not entry.file.startswith(f"treelet_{name}-{version}-"):
                problem = f"found file {entry.file}, expected treelet_{name}-{version}-py3-none-any.whl"
            if problem:
                raise WrongValue(problem).under(version).under(name).under("files")
            version_fits("0", entry.treelet, f"{where}: files.{name}.{version}")
