"""Versions a.b.c of packages and the library: read, compared, held against ranges; what to install instead.

a is the library's major version, b the structure (`package/structure.py`), c the parameters: another c
never matters to loading.
"""

from __future__ import annotations

from treelet import __version__
from treelet.errors import PackageError


def numbers_of(version: str) -> tuple[int, ...]:
    """The one to three numbers of a version such as 1.0.2; none where it is written otherwise."""
    parts = version.split(".")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts):
        return ()
    return tuple(int(part) for part in parts)


def is_version(text: str) -> bool:
    """Whether it is three numbers in their shortest form: 1.0.2, not 1.0 nor 1.0.02."""
    found = numbers_of(text)
    return len(found) == 3 and ".".join(map(str, found)) == text


def release_of(version: str) -> tuple[int, ...]:
    """The three numbers that a version starts with: (1, 0, 2) of 1.0.2.dev3, (1, 1, 0) of 1.1."""
    parts = version.split(".")[:3]
    while parts and not numbers_of(".".join(parts)):
        parts.pop()
    return _padded(numbers_of(".".join(parts)))


def structure_version(version: str) -> str:
    """a.b of a.b.c."""
    return version.rpartition(".")[0]


def library_range() -> str:
    """The versions of the library that load what this one saves: its minor version and later, of its major.

    A release that only mends never changes what a package may hold.
    """
    major, minor, _ = release_of(__version__)
    return f">={major}.{minor}.0,<{major + 1}"


def version_fits(version: str, wanted: str, where: str = "manifest.json") -> bool:
    """Whether a version is within a range like ">=0.1.0,<0.2". Raises PackageError for another notation.

    All of the range is read, whatever its beginning says: errors suggest it as part of a command.
    """
    found, fits = release_of(version), True
    for condition in filter(None, (part.strip() for part in wanted.split(","))):
        sign = next((sign for sign in (">=", "<=", "==", "<", ">") if condition.startswith(sign)), "")
        bound = numbers_of(condition[len(sign) :].strip())
        if not sign or not bound:
            raise PackageError(f"{where}: treelet: {condition!r}, expected a range such as >=0.1.0,<0.2")
        order = (found > _padded(bound)) - (found < _padded(bound))
        holds = {">=": order >= 0, "<=": order <= 0, "==": order == 0, "<": order < 0, ">": order > 0}
        fits = fits and holds[sign]
    return fits


def check_loadable(name: str, version: str, wanted: str, where: str) -> None:
    """Raises PackageError, which says what to install, for the package of another library.

    `wanted`: the range of library versions that the package asks for.
    """
    instead = f"or the newest that this treelet loads: treelet download {name}"
    major, own = numbers_of(version)[0], release_of(__version__)[0]
    if major != own:
        raise PackageError(
            f"{where}: {name} {version} is for treelet {major}, this is treelet {__version__}: "
            f"pip install 'treelet>={major},<{major + 1}', {instead}"
        )
    if not version_fits(__version__, wanted, where):
        raise PackageError(
            f"{where}: {name} {version} needs treelet {wanted}, this is treelet {__version__}: "
            f"pip install 'treelet{wanted}', {instead}"
        )


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return numbers + (0,) * (3 - len(numbers))
