"""The command `treelet`: one file a verb, imported when its verb is called.

Exit code 0, 1 when the work failed (one line on standard error), 2 for wrong usage, 130 after Ctrl-C.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

import treelet
from treelet.errors import TreeletError

COMMANDS = (
    *("annotate", "evaluate", "train", "distill", "pretrain", "tune", "plot"),
    *("check", "convert", "info", "inspect", "settings", "trace"),
    *("package", "download", "validate", "compatibility"),
)
"""Verbs, in the order of the help; `treelet.cli.<verb>` has a command `<verb>_command`."""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Verbs(click.Group):
    """A group that imports a verb's file only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(f"treelet.cli.{cmd_name}"), f"{cmd_name}_command"
        )
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader has seen enough, as in `treelet annotate … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        return result


@click.group(cls=_Verbs, context_settings=CONTEXT, epilog="Example: treelet annotate 'Tim Cook runs Apple.'")
@click.version_option(treelet.__version__, prog_name="treelet")
def verbs() -> None:
    """Raw text to tokens, sentences, tags, lemmas, dependency trees and named entities."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. `arguments` are those of the process when None."""
    _force_utf8()
    try:
        code = verbs.main(args=arguments, prog_name="treelet", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TreeletError as error:
        return _failed(str(error))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _failed(f"{name}{error.strerror or error}")


def _failed(message: str) -> int:
    click.echo(f"treelet: error: {message}", err=True)
    return 1


def _force_utf8() -> None:
    """Standard output and error speak UTF-8 under any locale; a lone surrogate comes out as its escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
