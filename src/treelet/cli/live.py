"""Standard input that comes in over time: lines, and whether the next one is there yet."""

from __future__ import annotations

import os
import select
import stat
import sys
from typing import BinaryIO

_BLOCK = 1 << 16
"""Bytes read at once at most: what a pipe holds."""


class LiveInput:
    """Lines of a pipe, a socket or a terminal, read as they come in."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = bytearray()

    def readline(self, limit: int) -> bytes:
        """A line with its end, or `limit` bytes of it; b"" at the end of the input."""
        held = self._held
        end = held.find(b"\n", 0, limit) + 1
        while not end and len(held) < limit:
            searched = len(held)
            held += os.read(self._descriptor, _BLOCK)
            if len(held) == searched:
                break
            end = held.find(b"\n", searched, limit) + 1
        line = bytes(held[: end or limit])
        del held[: len(line)]
        return line

    def pauses(self) -> bool:
        """Whether readline would wait: no whole line is held, and nothing has come in."""
        return b"\n" not in self._held and not select.select([self._descriptor], [], [], 0)[0]


def standard_input() -> BinaryIO | LiveInput:
    """Standard input; as LiveInput where it may pause and the system tells."""
    stream = sys.stdin.buffer
    try:
        descriptor = stream.fileno()
    except OSError:  # something that a program put there
        return stream
    if os.name != "posix" or stat.S_ISREG(os.fstat(descriptor).st_mode):
        return stream
    return LiveInput(descriptor)
