"""`treelet info`: what packages are installed, and what one of them holds."""

from __future__ import annotations

import json
from typing import Any

import click


@click.command("info")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the manifests as JSON.")
def info_command(name: str | None, as_json: bool) -> None:
    """List the installed packages, or tell all about the package NAME (a name or a folder).

    \b
    Examples:
      treelet info
      treelet info en_core_web_sm --json
    """
    import treelet
    from treelet.package import installed_packages, read_manifest

    manifests = [read_manifest(each) for each in ([name] if name is not None else installed_packages())]
    if as_json:
        click.echo(json.dumps(manifests if name is None else manifests[0], indent=1, ensure_ascii=False))
    elif name is None:
        click.echo(f"treelet {treelet.__version__}")
        _print_list(manifests)
    else:
        _print_one(manifests[0])


def megabytes(manifest: dict[str, Any]) -> float:
    """Size of all files of a package in units of 10^6 bytes."""
    files: dict[str, dict[str, Any]] = manifest.get("files", {})
    return sum(int(file.get("bytes", 0)) for file in files.values()) / 1e6


def _print_list(manifests: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("package", "version", "language", "annotators", "licence", "MB", box=None, pad_edge=False)
    for each in manifests:
        annotators = ", ".join(each.get("annotators", []))
        cells = [str(each.get(key, "")) for key in ("name", "version", "language")]
        table.add_row(*cells, annotators, str(each.get("licence", "")), f"{megabytes(each):.1f}")
    console = Console()
    (console if console.is_terminal else Console(width=160)).print(table, markup=False)


def _print_one(manifest: dict[str, Any]) -> None:
    for key, value in manifest.items():
        if key == "files":
            click.echo(f"size: {megabytes(manifest):.1f} MB in {len(value)} files")
        elif isinstance(value, dict):
            click.echo(f"{key}: " + ", ".join(f"{name} {_short(each)}" for name, each in value.items()))
        elif isinstance(value, list):
            click.echo(f"{key}: " + ", ".join(map(str, value)))
        else:
            click.echo(f"{key}: {value}")


def _short(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
