"""Names find packages: installed as a wheel does, shipped, or through an entry point; none hides another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import treelet
from random_package import save_random_package
from treelet.errors import PackageError, PackageNotFoundError
from treelet.package import find, find_package, installed_packages, read_manifest

NAME = "en_core_random_sm"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "whole")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that modules, and so packages, are looked for in first; nothing ships."""
    (tmp_path / "site").mkdir()
    (tmp_path / "models").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setattr(find, "MODELS", str(tmp_path / "models"))
    return tmp_path / "site"


def put(package: Path, folder: Path, **changes: object) -> Path:
    """A copy of a package, with other fields in its manifest."""
    folder.mkdir(parents=True)
    for path in package.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text()) | changes
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def distribution(site: Path, name: str, module: str) -> None:
    """What an installer leaves of a wheel beside its files."""
    folder = site / f"{module}-0.1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 0.1.0\n")
    (folder / "entry_points.txt").write_text(f"[treelet_models]\n{name} = {module}\n")


def test_a_package_that_was_installed_comes_before_the_shipped_one(package: Path, site: Path) -> None:
    shipped = put(package, Path(find.MODELS, NAME), description="shipped")
    assert find_package(NAME) == shipped
    installed = put(package, site / f"treelet_{NAME}", description="installed")
    assert find_package(NAME) == installed
    assert treelet.load(NAME).meta.description == read_manifest(NAME).description == "installed"


@pytest.mark.parametrize("damage", [{"treelet": ">=99"}, {"format": 99}, {"version": "x"}])
def test_one_that_cannot_be_loaded_hides_none_that_can(
    package: Path, site: Path, damage: dict[str, object]
) -> None:
    put(package, site / f"treelet_{NAME}", **damage)
    with pytest.raises(PackageError, match=f"treelet_{NAME}"):
        treelet.load(NAME)
    shipped = put(package, Path(find.MODELS, NAME), description="shipped")
    with pytest.warns(UserWarning, match=rf"treelet_{NAME}.*treelet download {NAME}") as caught:
        assert treelet.load(NAME).meta.description == "shipped"
    assert caught[0].filename == __file__, "it points at who loads"
    rows = [(each.path, each.is_chosen, bool(each.error)) for each in installed_packages()]
    assert rows == [(site / f"treelet_{NAME}", False, True), (shipped, True, False)]


def test_an_entry_point_names_a_package_without_running_it(package: Path, site: Path) -> None:
    folder = put(package, site / "models_of_ours")
    (folder / "__init__.py").write_text("raise SystemExit('it was imported')")
    distribution(site, "legal", "models_of_ours")
    assert find_package("legal") == folder
    assert treelet.load("legal").meta.name == NAME
    for module in ("nowhere_at_all", "models_of_ours.inside", "os", "not an identifier"):
        distribution(site, "lost", module)
        with pytest.raises(PackageNotFoundError):
            treelet.load("lost")


def test_the_listing_survives_what_is_broken(package: Path, site: Path) -> None:
    put(package, site / f"treelet_{NAME}")
    put(package, Path(find.MODELS, "pt_core_news_sm"))
    broken = site / "treelet_xx_broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    (site / "treelet_empty").mkdir()
    (site / "treelet_file").write_text("")
    put(package, site / "elsewhere")
    distribution(site, "legal", "elsewhere")
    listed = {each.name: each for each in installed_packages() if site in each.path.parents}
    assert list(listed) == [NAME, "legal", "xx_broken"]
    assert listed["xx_broken"].manifest is None
    assert "manifest.json" in listed["xx_broken"].error
    assert all(each.source == "installed" and each.is_chosen for each in listed.values())
    shipped = [each for each in installed_packages() if each.source == "shipped"]
    assert [(each.name, each.manifest.name) for each in shipped if each.manifest] == [
        ("pt_core_news_sm", NAME)
    ]
    with pytest.raises(PackageNotFoundError, match=rf"{NAME}, legal, pt_core_news_sm.*treelet download NAME"):
        treelet.load("xx_core_nowhere_sm")


def test_the_start_path_is_light(package: Path, tmp_path: Path) -> None:
    """A package that is installed is found and loaded without what takes long to import."""
    put(package, tmp_path / f"treelet_{NAME}")
    heavy = {"importlib.metadata", "zipfile", "zlib", "json", "pathlib", "mmap", "hashlib"}
    code = (
        "import sys; before = set(sys.modules); sys.path.append(sys.argv[1])\n"
        f"import treelet; treelet.load({NAME!r})\n"
        f"assert not {heavy!r} & (set(sys.modules) - before), 'heavy imports'"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


def test_a_package_is_what_its_name_says(package: Path, site: Path) -> None:
    folder = put(package, site / "treelet_en_core_other_sm")
    with pytest.raises(PackageError, match=f"holds {NAME}, expected en_core_other_sm"):
        treelet.load("en_core_other_sm")
    assert treelet.load(folder).meta.name == NAME
