"""The layers drawn in ARCHITECTURE.md, held: a folder imports only from lower rows of its table."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "treelet"


def layer_tables() -> tuple[dict[str, int], dict[str, int]]:
    """Rank of each Python and each C++ folder by the table in ARCHITECTURE.md; 0 is the lowest."""
    rows = []
    section = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Layers")[1].split("\n## ")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and "`" in cells[0]:
            rows.append((re.findall(r"`([^`]+)`", cells[0]), re.findall(r"`([^`]+)`", cells[2])))
    python, cpp = {}, {}
    for rank, (python_names, cpp_names) in enumerate(reversed(rows)):
        python.update({name.strip("/").removesuffix(".py"): rank for name in python_names})
        cpp.update({name.strip("/").removeprefix("core/"): rank for name in cpp_names})
    return python, cpp


PYTHON, CPP = layer_tables()


def imported_modules(path: Path) -> list[tuple[int, str]]:
    """Line and dotted name of everything a Python file imports, at any depth, relative imports resolved.

    Imports for type checkers alone are left out: nothing is loaded.
    """
    package = ["treelet", *path.relative_to(PACKAGE).parts[:-1]]
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blocks = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ]
    unloaded = {id(inner) for block in blocks for statement in block.body for inner in ast.walk(statement)}
    for node in ast.walk(tree):
        if id(node) in unloaded:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module == "treelet":
                found += [(node.lineno, f"treelet.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, module))
    return found


def python_violations(path: Path) -> list[str]:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    problems = []
    for line, module in imported_modules(path):
        parts = module.split(".")
        if parts[0] == "torch" and own not in ("networks", "teaching", "training"):
            problems.append(f"{path}:{line}: imports torch; only networks/, teaching/ and training/ may")
        if parts[0] != "treelet" or own in ("__init__", "__main__"):
            continue
        other = parts[1] if len(parts) > 1 else "treelet"
        if other == own or other == "__version__" or (own == "cli" and other == "treelet"):
            continue
        if other not in PYTHON or PYTHON[other] >= PYTHON[own]:
            problems.append(f"{path}:{line}: {own} imports {module}, which is not in a lower row")
    return problems


def test_the_table_is_read() -> None:
    assert PYTHON["_core"] == 0
    assert PYTHON["cli"] == max(PYTHON.values())
    assert CPP["base"] == 0
    assert CPP["bindings"] == max(CPP.values())


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_python_imports_from_lower_layers(path: Path) -> None:
    assert not python_violations(path)


def test_every_python_folder_has_a_row() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert folders | modules <= set(PYTHON)


CPP_FILES = sorted([*(ROOT / "core").rglob("*"), *(ROOT / "bindings").rglob("*")])
CPP_FILES = [path for path in CPP_FILES if path.suffix in (".h", ".cpp", ".inl")]


def is_for_teaching(include: str) -> bool:
    teaching = r"transitions/\w*_oracle\b|annotators/\w*_rollout\b|network/gradients\w*\b"
    return re.search(teaching, include) is not None


@pytest.mark.parametrize("path", CPP_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_cpp_includes_from_lower_layers(path: Path) -> None:
    inside = str(path.relative_to(ROOT)).removeprefix("core/")
    own = inside.split("/")[0]
    text = path.read_text(encoding="utf-8")
    for include in re.findall(r'^\s*#\s*include\s+"([^"]+)"', text, flags=re.MULTILINE):
        other = include.split("/")[0] if "/" in include else own
        assert other in CPP, f"{inside} includes {include}: no such layer in ARCHITECTURE.md"
        assert other == own or CPP[other] < CPP[own], (
            f"{inside} includes {include}, which is not in a lower row"
        )
        if is_for_teaching(include):
            assert own == "bindings" or is_for_teaching(inside), (
                f"{inside} includes {include}, which is for teaching only"
            )
    if own != "bindings":
        assert not re.search(r"#\s*include\s+<(Python\.h|nanobind)", text), (
            f"{inside}: the core knows nothing of Python"
        )


def test_violations_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_layers.PACKAGE", tmp_path)
    (tmp_path / "doc").mkdir()
    bad = tmp_path / "doc" / "bad.py"
    bad.write_text(
        "import torch\nfrom ..pipeline import Pipeline\nfrom treelet import cli\n"
        "from treelet.errors import TextError\n"
    )
    assert len(python_violations(bad)) == 3
