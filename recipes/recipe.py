"""A recipe's TOML in; what a training needs to know, and the licence of what it makes, out."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent

LICENCES = {
    "CC BY-SA 4.0": (
        "Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    )
}
"""Those that a model may have: its title, and where it stands."""
REQUIRED = {"description", "licence", "sources", "attribution", "train", "dev"}


@dataclass(frozen=True)
class Recipe:
    """How a model is made; paths are of the data folder."""

    name: str
    description: str
    licence: str
    sources: list[str]
    """What it is taught from, each with its licence."""
    attribution: str
    """Who made them, for the licence."""
    train: list[str]
    dev: list[str]
    """Decide which pass is kept, and make the table."""
    version: str = ""
    """Where it was released before with the same structure: the next one."""
    vectors: str = ""
    transformer: str = ""
    """Python package that holds a pretrained transformer in its folder `model`; of teachers alone."""
    teachers: list[str] = field(default_factory=list)
    """Recipes of recipes/teachers, whose packages label `raw`: the model is distilled from them and gold."""
    raw: list[str] = field(default_factory=list)
    raw_words: int = 0
    """How much of it is labelled; 0: all."""
    labels: dict[str, list[str]] = field(default_factory=dict)
    """An entity type, and the types of the data that become it; "" drops them."""
    prepared: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Files to be made of others first, see `prepare`; `train` and `dev` name them as prepared/FILE."""
    settings_file: str = ""
    """Settings that several recipes share, a file of recipes/settings."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Those that differ from that file and the defaults."""

    def files(self, names: list[str], data: Path, out: Path) -> list[Path]:
        """Where files are: in the data folder, or among those prepared in the folder of the packages."""
        return [(out if name.startswith("prepared/") else data) / name for name in names]

    def assignments(self) -> list[str]:
        """The settings as --set takes them."""
        found = []
        for section, value in self.settings.items():
            chosen = value.items() if isinstance(value, dict) else [("", value)]
            found += [f"{section}{'.' * bool(name)}{name}={json.dumps(one)}" for name, one in chosen]
        return found

    def licence_text(self) -> str:
        """LICENSE of the package."""
        title, address = LICENCES[self.licence]
        return (
            "The parameters, labels and rules in this folder are adapted from works under the licences that\n"
            f"manifest.json names with each source, and are shared under\n\n    {title}\n    {address}\n\n"
            f"Attribution: {self.attribution}\nChanges: they were turned into statistics.\n"
        )


def read_recipe(name: str) -> Recipe:
    """The recipe of a model. Raises SystemExit with what is wrong with it."""
    path = FOLDER / f"{name}.toml"
    if not path.exists():
        path = FOLDER / "teachers" / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.toml")))
        raise SystemExit(f"{name}: no such recipe; there are {known}")
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := values.keys() - {one.name for one in fields(Recipe)}:
        raise SystemExit(f"{path}: unknown: {', '.join(sorted(unknown))}")
    if missing := REQUIRED - values.keys():
        raise SystemExit(f"{path}: missing: {', '.join(sorted(missing))}")
    if values["licence"] not in LICENCES:
        raise SystemExit(f"{path}: licence {values['licence']}: expected {', '.join(LICENCES)}")
    return Recipe(name=name, **values)
