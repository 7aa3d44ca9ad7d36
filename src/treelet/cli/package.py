"""`treelet package`: a package folder to a wheel and an sdist that pip and uv install."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treelet.publishing import Contents, Published


@click.command("package", short_help="Make a wheel and an sdist of a package.")
@click.argument("folder", metavar="DIR")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.option("--version", metavar="A.B.C", help="Version to give it instead of the manifest's.")
@click.option("--name", metavar="NAME", help="LANG_TYPE_GENRE_SIZE to call it instead.")
@click.option("--licence", metavar="TEXT", help="Its licence, such as 'CC BY-SA 4.0'.")
@click.option("--description", metavar="TEXT", help="What it is, in a sentence.")
@click.option(
    "--format",
    "formats",
    metavar="LIST",
    default="wheel,sdist",
    show_default=True,
    help="What to make: wheel, sdist, or both.",
)
@click.option(
    "--sign",
    "key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEY.pem",
    help="Private Ed25519 key to sign the manifest with: pip install 'treelet[sign]'.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def package_command(
    folder: str,
    out: Path,
    version: str | None,
    name: str | None,
    licence: str | None,
    description: str | None,
    formats: str,
    key: Path | None,
    as_json: bool,
) -> None:
    """Check the package DIR (a folder, or an installed name), write its wheel and sdist into OUT.

    The same package gives the same bytes on any machine. A version in OUT never changes: another package
    needs another last number, another structure another second number. DIR stays as it is.

    \b
    Examples:
      treelet package ./en_core_mine_sm wheels
      treelet package ./en_core_mine_sm wheels --version 0.1.1 --licence 'CC BY-SA 4.0' --format wheel
    """
    from treelet.publishing import Changes, publish, read_contents
    from treelet.publishing.published import FORMATS

    wanted = [each.strip() for each in formats.split(",")]
    if unknown := [each for each in wanted if each not in FORMATS]:
        raise click.UsageError(f"--format {formats}: {unknown[0]!r}, expected wheel, sdist or both")
    changes = Changes(name=name, version=version, licence=licence, description=description)
    contents = read_contents(folder, changes, key)
    published = publish(contents, out, wanted)
    if as_json:
        click.echo(json.dumps(_told(contents, published), indent=1, ensure_ascii=False))
    else:
        _show(contents, published)


def _told(contents: Contents, published: Published) -> dict[str, object]:
    files = [
        {
            "path": str(path),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "new": path in published.written,
        }
        for path in (*published.written, *published.kept)
    ]
    manifest = contents.manifest
    names = {"name": manifest.name, "version": manifest.version}
    return {**names, "files": files, "left_out": contents.left_out, "notes": published.notes}


def _show(contents: Contents, published: Published) -> None:
    for path in published.written:
        click.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    for path in published.kept:
        click.echo(f"{path}: is there already with the same bytes")
    if contents.left_out:
        click.echo(f"left out, no files of a package: {', '.join(contents.left_out)}", err=True)
    for note in published.notes:
        click.echo(f"note: {note}", err=True)
