"""Options of the verbs that get packages from somewhere: --from, --table, --trust."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treelet.installing.acquisition import Channel

source_option = click.option(
    "--from",
    "origin",
    metavar="WHERE",
    help="A folder of wheels, its http(s) address, a wheel, index, or index+URL. When not given: "
    "TREELET_MODELS of the environment, else the index of pip or uv.",
)
table_option = click.option(
    "--table",
    metavar="FILE|URL",
    help="A compatibility.json to choose and check by, instead of the one beside the wheels.",
)
trust_option = click.option(
    "--trust",
    "trusted",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True),
    metavar="KEY.pem",
    help="Only what this public Ed25519 key has signed. May be repeated. Needs 'treelet[sign]'.",
)


def channel() -> Channel:
    """Bars and lines on standard error; bars only on a terminal."""
    from treelet.installing.acquisition import Channel
    from treelet.installing.source import no_bar

    def bar(title: str, total: int | None) -> AbstractContextManager[Callable[[int], object]]:
        from treelet.cli.progress import byte_bar

        return byte_bar(title, total)

    return Channel(bar if sys.stderr.isatty() else no_bar, lambda line: click.echo(line, err=True))
