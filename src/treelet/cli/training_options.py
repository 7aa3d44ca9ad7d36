"""Options that `treelet train`, `pretrain` and `tune` share: what to teach from, and with which settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from treelet.errors import SettingsError

if TYPE_CHECKING:
    from treelet.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_DATA = (
    click.option(
        "--train",
        "train_files",
        multiple=True,
        required=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="CoNLL-U, IOB2 or JSONL to teach from; each teaches what it annotates. May be repeated.",
    ),
    click.option(
        "--dev",
        "dev_files",
        multiple=True,
        required=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File to measure on; decides what is kept and when teaching ends. May be repeated.",
    ),
)

_VALUES = (
    click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="TOML with hyper-parameters; see `treelet settings --defaults`.",
    ),
    click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="SECTION.NAME=VALUE",
        help="Change one setting. May be repeated.",
    ),
)

_READ = (
    click.option(
        "--map",
        "maps",
        multiple=True,
        metavar="FROM=TO",
        help="Rename an entity label; `FROM=` drops it, `FROM=-` leaves its words unannotated. "
        "May be repeated.",
    ),
    click.option(
        "--vectors",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Pretrained word vectors as a fixed feature: GloVe or word2vec text, or .npy beside a "
        ".vocab.txt; may be compressed.",
    ),
)

_RUN = (
    click.option(
        "--device",
        default="cpu",
        show_default=True,
        metavar="NAME",
        help="Where PyTorch computes, such as cuda or cuda:1; walks stay on the processor.",
    ),
    click.option(
        "--lang", metavar="CODE", help="Language code, such as en; the same as --set language=CODE."
    ),
    click.option(
        "--seed",
        type=click.IntRange(0, 2**31 - 1),
        help="Fixes every random choice; the same as --set training.seed=N.",
    ),
)


def data_options(command: Command) -> Command:
    """--train and --dev: tuples of paths `train_files` and `dev_files`."""
    for option in reversed(_DATA):
        command = option(command)
    return command


def settings_options(command: Command) -> Command:
    """--settings, --set, --map, --vectors, --device, --lang, --seed."""
    for option in reversed((*_VALUES, *_READ, *_RUN)):
        command = option(command)
    return command


def network_options(command: Command) -> Command:
    """--settings, --set, --device, --lang, --seed."""
    for option in reversed((*_VALUES, *_RUN)):
        command = option(command)
    return command


def chosen_settings(
    path: Path | None, assignments: Iterable[str], lang: str | None, seed: int | None
) -> Settings:
    """The settings that the options say. Raises click.UsageError, and SettingsError for a bad file."""
    from treelet.settings import settings_from_dict

    values = chosen_values(path, assignments, lang, seed)
    try:
        return settings_from_dict(values, "command line")
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


def chosen_values(
    path: Path | None, assignments: Iterable[str], lang: str | None, seed: int | None
) -> dict[str, Any]:
    """Settings that the options name, nested, and no others. Raises as chosen_settings does."""
    from treelet.settings import override, read_values

    values = read_values(path) if path is not None else {}
    try:
        for assignment in assignments:
            override(values, assignment)
        if lang is not None:
            values["language"] = lang
        if seed is not None:
            values.setdefault("training", {})["seed"] = seed
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    return values
