"""manifest.json to a Manifest and back: what a package is, where it comes from, what its files must be."""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
from treelet import __version__, _core
from treelet.errors import FormatError, PackageError
from treelet.settings.section import Annotated, Rule, Section, WrongValue, field

FORMAT = 1
"""Structure of a package. A library reads exactly the formats it knows."""

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-")
_NAME = Rule(
    fits=lambda text: 1 <= len(text) <= 40 and _NAME_CHARACTERS.issuperset(text),
    expected="1 to 40 of A-Z, a-z, 0-9, '.', '+' and '-'",
)
_VERSION = Rule(fits=lambda text: len(_numbers(text)) == 3, expected="three numbers such as 1.0.0")
_SHA256 = Rule(
    fits=lambda text: len(text) == 64 and frozenset("0123456789abcdef").issuperset(text),
    expected="64 hexadecimal digits",
)


def _are_label_scores(tables: dict[str, object]) -> bool:
    """Checked in one go: to convert hundreds of numbers one by one would be felt when a package is loaded."""
    return all(
        type(scores) is list and len(scores) == 3 and {int, float}.issuperset(map(type, scores))
        for table in tables.values()
        for scores in (table.values() if type(table) is dict else (None,))
    )


_LABEL_SCORES = Rule(fits=_are_label_scores, expected="labels with three numbers each")

TYPE_CHECKING = False
if TYPE_CHECKING:
    LabelScores = dict[str, dict[str, list[float]]]
else:
    LabelScores = dict[str, object]


class FileEntry(Section):
    """What a file of the package must be."""

    known_only = False

    bytes: Annotated[int, Rule(low=0, high=2**53, unit="bytes")]
    sha256: Annotated[str, _SHA256]


class Manifest(Section):
    """Everything there is to know of a package before it is loaded."""

    known_only = False

    format: int = FORMAT
    lang: Annotated[str, _NAME]
    type: Annotated[str, _NAME] = "core"
    """core: words, syntax and entities; dep: syntax; ent: entities."""
    genre: Annotated[str, _NAME]
    size: Annotated[str, _NAME] = "sm"
    version: Annotated[str, _VERSION] = "0.1.0"
    treelet: str = f">={__version__}"
    """Versions of the library that can load it, such as ">=0.1.0,<0.2"."""
    description: str = ""
    licence: str = ""
    sources: list[str] = field(default_factory=list)
    annotators: list[str] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    """Label set to its size."""
    parameters: int = 0
    scores: dict[str, object] = field(default_factory=dict)
    """Metric to F1 in percent on development data, words given and nothing else."""
    raw_scores: dict[str, float] = field(default_factory=dict)
    """The same from their raw text; without what only data that have none annotate."""
    label_scores: Annotated[LabelScores, _LABEL_SCORES] = field(default_factory=dict)
    """UPOS, XPOS, UFeats, LAS or ENTS to label to precision, recall and F1 in percent, words given.

    The labels most frequent in the data come first.
    """
    files: dict[str, FileEntry] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`lang_type_genre_size`, as load() takes it."""
        return f"{self.lang}_{self.type}_{self.genre}_{self.size}"


def manifest_to_json(manifest: Manifest) -> bytes:
    """Readable JSON; lists of numbers take one line."""
    import json  # deferred: loading a package does without
    import re

    text = json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False)
    text = re.sub(r"\[\n([-+.\w,\s]+)\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def manifest_from_json(content: bytes, where: str) -> Manifest:
    """Raises PackageError when it is damaged or of a structure that this version does not know."""
    try:
        manifest = Manifest.read(_core.read_json(content.decode()))
    except WrongValue as error:
        raise PackageError(f"{where}: {error.path}: {error}; the package is damaged") from None
    except (FormatError, UnicodeDecodeError) as error:
        raise PackageError(f"{where}: {error}; the package is damaged") from None
    if manifest.format != FORMAT:
        raise PackageError(
            f"{where}: format {manifest.format}, expected {FORMAT}; "
            f"{'upgrade treelet' if manifest.format > FORMAT else 'train or download the package again'}"
        )
    if not version_fits(__version__, manifest.treelet, where):
        raise PackageError(f"{where}: needs treelet {manifest.treelet}, this is {__version__}")
    return manifest


def version_fits(version: str, wanted: str, where: str = "manifest.json") -> bool:
    """Whether a version is within a range like ">=0.1.0,<0.2". Raises PackageError for another notation."""
    found = _padded(_release(version))
    for condition in filter(None, (part.strip() for part in wanted.split(","))):
        sign = next((sign for sign in (">=", "<=", "==", "<", ">") if condition.startswith(sign)), "")
        bound = _numbers(condition[len(sign) :].strip())
        if not sign or not bound:
            raise PackageError(f"{where}: treelet: {condition!r}, expected a range such as >=0.1.0,<0.2")
        order = (found > _padded(bound)) - (found < _padded(bound))
        holds = {">=": order >= 0, "<=": order <= 0, "==": order == 0, "<": order < 0, ">": order > 0}
        if not holds[sign]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    """The one to three numbers of a version; none where it is written otherwise."""
    parts = version.split(".")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts):
        return ()
    return tuple(int(part) for part in parts)


def _release(version: str) -> tuple[int, ...]:
    """The numbers that a version starts with, such as 1.0.2 of 1.0.2.dev3."""
    parts = version.split(".")
    while parts and not _numbers(".".join(parts)):
        parts.pop()
    return _numbers(".".join(parts))


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return numbers + (0,) * (3 - len(numbers))
