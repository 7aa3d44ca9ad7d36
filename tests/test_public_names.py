"""What users may import and type. A change here is a change for them: it belongs in CHANGELOG.md."""

import subprocess
import sys

import treelet
from treelet.cli import COMMANDS

PUBLIC = {
    "Doc",
    "Example",
    "FormatError",
    "PackageError",
    "PackageNotFoundError",
    "Pipeline",
    "SettingsError",
    "Span",
    "TextError",
    "Token",
    "TrainingError",
    "TreeletError",
    "__version__",
    "blank",
    "load",
}


def test_public_names() -> None:
    assert set(treelet.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(treelet, name) is not None


def test_verbs() -> None:
    expected = "annotate evaluate train distill pretrain tune plot check convert info inspect settings trace"
    expected += " package download validate compatibility"
    assert " ".join(COMMANDS) == expected


def modules_after(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_import_treelet_is_light() -> None:
    assert not modules_after("import treelet") & {"torch", "numpy", "rich", "click"}


def test_annotating_imports_next_to_nothing() -> None:
    """What takes longer to import than a pipeline takes to load."""
    needless = {"dataclasses", "enum", "hashlib", "inspect", "json", "numpy", "pathlib", "re"}
    needless |= {"tomllib", "typing"}
    code = "import treelet\nnlp = treelet.load('en_core_web_sm')\nlist(nlp('A.')), list(nlp.pipe(['B.']))"
    assert not (modules_after(code) - modules_after("pass")) & needless


def test_every_verb_but_train_does_without_torch() -> None:
    verbs = ", ".join(f"treelet.cli.{name}" for name in COMMANDS)
    assert not modules_after(f"import treelet.cli, {verbs}") & {"torch", "numpy", "rich"}
    assert not modules_after("import treelet\ntreelet.load, treelet.Doc, treelet.Pipeline") & {"torch"}
