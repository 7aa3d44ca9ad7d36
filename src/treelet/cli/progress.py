"""Progress bars on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


@contextmanager
def byte_bar(title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar of bytes (`total` None: unknown); yields the function that advances it by a number of bytes.

    It may be called often: the bar is told ten times a second.
    """
    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)
        untold, told = 0, 0.0

        def advance(size: int) -> None:
            nonlocal untold, told
            untold += size
            if (now := monotonic()) - told >= 0.1:
                progress.update(task, advance=untold)
                untold, told = 0, now

        yield advance
