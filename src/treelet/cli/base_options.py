"""Options of `treelet train` that begin from what was taught before; the settings of such a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from treelet.errors import SettingsError

if TYPE_CHECKING:
    from treelet.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--base",
        metavar="PACKAGE",
        help="Teach this package more, name or folder; it stays as it is. What it knows is rehearsed: "
        "it fills in what the files leave open.",
    ),
    click.option(
        "--raw",
        "raw_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Plain text, a line a text, to rehearse on besides (training.rehearsal); may be compressed. "
        "May be repeated.",
    ),
    click.option(
        "--freeze",
        multiple=True,
        metavar="NAME",
        help="Leave a part of the base as it is: encoder, an annotator, or `others`: the encoder and all "
        "annotators that the files do not teach. May be repeated.",
    ),
    click.option(
        "--start",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Begin from this encoder, which `treelet pretrain` wrote with the same settings of it.",
    ),
    click.option("--no-rehearsal", is_flag=True, help="Let the base forget what the files do not teach."),
)


def base_options(command: Command) -> Command:
    """--base, --raw (`raw_files`), --freeze, --start, --no-rehearsal."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_base_options(options: dict[str, Any]) -> None:
    """Raises click.UsageError for options that mean nothing together."""
    if not options["base"] and (options["raw_files"] or options["no_rehearsal"] or options["freeze"]):
        raise click.UsageError("--raw, --freeze, --no-rehearsal: only with --base is there anything to keep")
    if options["base"] and options["start"]:
        raise click.UsageError("--start: a network starts either there or from the package that --base names")
    if options["raw_files"] and options["no_rehearsal"]:
        raise click.UsageError("--raw: is read for rehearsal, which --no-rehearsal turns off")


def settings_of_run(values: dict[str, Any], base: str | None) -> Settings:
    """Settings with these values, nested as in TOML: over those of a base package, or else the defaults.

    Raises click.UsageError.
    """
    from treelet.settings import settings_from_dict

    old = None
    if base is not None:
        from treelet.package import read_package

        old = read_package(base).settings
    try:
        if old is None:
            return settings_from_dict(values, "command line")
        from treelet.teaching.continuation import settings_to_go_on

        return settings_to_go_on(old, values)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
