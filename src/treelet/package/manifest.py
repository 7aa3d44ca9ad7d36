"""manifest.json to a Manifest and back: what a package is, where it comes from, what its files must be."""

# Annotations are read as they are, so this file does without `from __future__ import annotations`.
from treelet import _core
from treelet.errors import FormatError, PackageError
from treelet.package.files import is_plain_name
from treelet.package.name import check_name
from treelet.package.plain_text import check_plain_text
from treelet.package.version import check_loadable, is_version, library_range, version_fits
from treelet.settings.section import Annotated, Rule, Section, WrongValue, field

FORMAT = 2
"""Of the files of a package. A library writes the newest and reads all before it: 1 knows no structure."""

SCORES = ("scores", "raw_scores", "label_scores")
"""Fields that tell how well the package annotates."""

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-")
_NAME = Rule(
    fits=lambda text: 1 <= len(text) <= 40 and _NAME_CHARACTERS.issuperset(text),
    expected="1 to 40 of A-Z, a-z, 0-9, '.', '+' and '-'",
)
_VERSION = Rule(fits=is_version, expected="three numbers such as 1.0.0")
_SHA256 = Rule(
    fits=lambda text: len(text) == 64 and frozenset("0123456789abcdef").issuperset(text),
    expected="64 hexadecimal digits",
)


def _are_label_scores(tables: dict[str, object]) -> bool:
    """Checked in one go: to convert hundreds of numbers one by one would be felt when a package is loaded."""
    return all(
        type(scores) is list and len(scores) == 3 and _NUMBERS.issuperset(map(type, scores))
        for table in tables.values()
        for scores in (table.values() if type(table) is dict else (None,))
    )


_NUMBERS = frozenset((int, float))
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
    """What it annotates: `package/name.py` has the types."""
    genre: Annotated[str, _NAME]
    size: Annotated[str, _NAME] = "sm"
    version: Annotated[str, _VERSION] = "0.1.0"
    treelet: str = library_range()
    """Versions of the library that can load it, such as ">=0.1.0,<1"."""
    description: str = ""
    teacher: str = ""
    """What is in it of a transformer, which needs PyTorch; empty for all that is meant to be shipped."""
    licence: str = ""
    sources: list[str] = field(default_factory=list)
    annotators: list[str] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    """Label set to its size."""
    structure: dict[str, object] = field(default_factory=dict)
    """`package/structure.py`: "version" a.b, and what that number b stands for."""
    parameters: int = 0
    scores: dict[str, object] = field(default_factory=dict)
    """Metric to F1 in percent on development data, words given and nothing else."""
    raw_scores: dict[str, float] = field(default_factory=dict)
    """The same from their raw text, where all that a metric is measured on has some."""
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
    """Readable JSON; lists of numbers take one line. Raises PackageError for text that no reader takes."""
    import json  # deferred: loading a package does without
    import re

    check_plain_text(manifest.to_dict(), "manifest.json")
    text = json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False)
    text = re.sub(r"\[\n([-+.\w,\s]+)\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def manifest_from_json(content: bytes, where: str) -> Manifest:
    """The manifest of a package that this library can load.

    Raises PackageError when it is damaged, or of another library: then it says what to install.
    """
    manifest = parse_manifest(content, where)
    check_loadable(manifest.name, manifest.version, manifest.treelet, where)
    return manifest


def parse_manifest(content: bytes, where: str) -> Manifest:
    """The same of any package whose files this library can read. Raises PackageError."""
    try:
        text = content.decode()
        values = _core.read_json(text)
        if "\\" in text or not text.replace("\n", "").isprintable():
            check_plain_text(values, where)
        known = values.get("format", FORMAT) if isinstance(values, dict) else FORMAT
        if type(known) is int and known > FORMAT:
            raise PackageError(f"{where}: format {known}, expected at most {FORMAT}; upgrade treelet")
        manifest = Manifest.read(values)
    except WrongValue as error:
        raise PackageError(f"{where}: {error.path}: {error}; the package is damaged") from None
    except (FormatError, UnicodeDecodeError) as error:
        raise PackageError(f"{where}: {error}; the package is damaged") from None
    for name in manifest.files:
        if not is_plain_name(name):
            raise PackageError(f"{where}: files: {name!r} is no plain name of a file; the package is refused")
    if manifest.format < 1:
        raise PackageError(f"{where}: format {manifest.format}, expected 1 to {FORMAT}; it is damaged")
    version_fits("0", manifest.treelet, where)
    if manifest.format > 1:
        check_name(manifest.name, manifest.annotators, where)
    return manifest
