"""`treelet info`: what packages are installed, and what one of them holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from treelet.package import Manifest


@click.command("info", short_help="What is installed, and what a package holds.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the manifests as JSON.")
def info_command(name: str | None, as_json: bool) -> None:
    """List the installed packages, or tell all about the package NAME (a name, a folder, a wheel or zip).

    \b
    Examples:
      treelet info
      treelet info en_core_web_sm --json
    """
    import treelet
    from treelet.package import installed_packages, read_manifest

    if name is None:
        manifests = [each.manifest for each in installed_packages() if each.manifest]
    else:
        manifests = [read_manifest(name)]
    if as_json:
        rows = [{"name": each.name, **each.to_dict()} for each in manifests]
        click.echo(json.dumps(rows if name is None else rows[0], indent=1, ensure_ascii=False))
    elif name is None:
        click.echo(f"treelet {treelet.__version__}")
        _print_list(manifests)
    else:
        _print_one(manifests[0])


def megabytes(manifest: Manifest) -> float:
    """Size of all files of a package in units of 10^6 bytes."""
    return sum(file.bytes for file in manifest.files.values()) / 1e6


def _print_list(manifests: list[Manifest]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("package", "version", "language", "annotators", "licence", "MB", box=None, pad_edge=False)
    for each in manifests:
        annotators = ", ".join(each.annotators)
        table.add_row(each.name, each.version, each.lang, annotators, each.licence, f"{megabytes(each):.1f}")
    console = Console()
    (console if console.is_terminal else Console(width=160)).print(table, markup=False)


def _print_one(manifest: Manifest) -> None:
    click.echo(f"name: {manifest.name}")
    click.echo(f"language: {manifest.lang}")
    for key in ("version", "treelet", "description", "licence"):
        if value := getattr(manifest, key):
            click.echo(f"{key}: {value}")
    click.echo(f"annotators: {', '.join(manifest.annotators)}")
    click.echo(f"labels: {', '.join(f'{size} {name}' for name, size in manifest.labels.items())}")
    click.echo(f"size: {megabytes(manifest):.1f} MB, {manifest.parameters:,} parameters")
    click.echo(f"scores: {', '.join(f'{name} {_short(value)}' for name, value in manifest.scores.items())}")
    for source in manifest.sources:
        click.echo(f"source: {source}")


def _short(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
