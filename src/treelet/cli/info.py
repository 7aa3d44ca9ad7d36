"""`treelet info`: what packages are installed, and what one of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treelet.installing.installed import Installed
    from treelet.package import Manifest


@click.command("info", short_help="What is installed, and what a package holds.")
@click.argument("name", required=False)
@click.option("--per-label", is_flag=True, help="The scores of each label, too.")
@click.option("--card", is_flag=True, help="Print the model card of NAME: Markdown for people.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifests as JSON.")
def info_command(name: str | None, per_label: bool, card: bool, as_json: bool) -> None:
    """List the installed packages, or tell all about the package NAME: a name, a folder, a wheel or zip file.

    \b
    Examples:
      treelet info
      treelet info en_core_web_sm --per-label
      treelet info ./treelet_en_core_web_sm-0.1.0-py3-none-any.whl --json
    """
    if name is None:
        if per_label or card:
            raise click.UsageError("--per-label and --card need a NAME")
        _show_all(as_json)
        return
    from treelet.installing.installed import read_anywhere
    from treelet.publishing import model_card

    package = read_anywhere(name)
    manifest = package.manifest
    assert manifest is not None
    if as_json:
        click.echo(_json(_values(package)))
    elif card:
        click.echo(model_card(manifest), nl=False)
    else:
        _show_one(package, manifest, per_label)


def megabytes(manifest: Manifest) -> float:
    """Size of all files of a package in units of 10^6 bytes."""
    return sum(file.bytes for file in manifest.files.values()) / 1e6


def _show_all(as_json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    import treelet
    from treelet.cli.score_tables import print_tables
    from treelet.cli.table import printable
    from treelet.installing.installed import all_installed

    packages = all_installed()
    if as_json:
        click.echo(_json([_values(package) for package in packages]))
        return
    click.echo(f"treelet {treelet.__version__}")
    heads = ("package", "version", "language", "annotators", "licence", "MB", "where")
    table = Table(*heads, box=None, pad_edge=False)
    for package in packages:
        each = package.manifest
        told = (
            (each.lang, ", ".join(each.annotators), each.licence, f"{megabytes(each):.1f}")
            if each
            else ("",) * 4
        )
        cells = (package.name, package.version, *told, package.source)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    print_tables([table])
    for package in packages:
        if package.problem:
            click.echo(f"{printable(package.name)}: {printable(package.problem)}", err=True)


def _show_one(package: Installed, manifest: Manifest, per_label: bool) -> None:
    from treelet.cli.score_tables import label_tables, manifest_tables, print_tables
    from treelet.cli.table import printable

    for line in _lines(package, manifest):
        click.echo(printable(line))
    tables = manifest_tables(manifest) + (label_tables(manifest) if per_label else [])
    if tables:
        click.echo()
        print_tables(tables)


def _lines(package: Installed, manifest: Manifest) -> Iterator[str]:
    yield f"name: {manifest.name}"
    yield f"version: {manifest.version}"
    yield f"where: {package.source}"
    if package.problem:
        yield f"problem: {package.problem}"
    yield f"treelet: {manifest.treelet}"
    yield f"language: {manifest.lang}"
    for key in ("description", "licence"):
        if value := getattr(manifest, key):
            yield f"{key}: {value}"
    if manifest.teacher:
        yield f"teacher: {manifest.teacher}; needs PyTorch and transformers, and is not for shipping"
    yield f"annotators: {', '.join(manifest.annotators)}"
    yield f"labels: {', '.join(f'{size} {name}' for name, size in manifest.labels.items())}"
    yield f"size: {megabytes(manifest):.1f} MB, {manifest.parameters:,} parameters"
    shapes = {
        name: value for name, value in manifest.structure.items() if name not in ("version", "annotators")
    }
    if shapes:
        values = ", ".join(f"{name} {value}" for name, value in shapes.items())
        yield f"structure {manifest.structure.get('version', '')}: {values}"
    for source in manifest.sources:
        yield f"source: {source}"


def _values(package: Installed) -> dict[str, object]:
    """The manifest, and what is known besides."""
    manifest = package.manifest.to_dict() if package.manifest else {}
    path = str(package.folder)
    return {
        "name": package.name,
        **manifest,
        "path": path,
        "shipped": package.shipped,
        "problem": package.problem,
    }


def _json(values: object) -> str:
    return json.dumps(values, indent=1, ensure_ascii=False)
