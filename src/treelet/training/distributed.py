"""What the environment says of other processes in, what they share of one training run out.

torchrun, or whatever starts the processes, sets RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, and for
several machines or devices LOCAL_RANK and GROUP_RANK. Without them a run is alone and needs none of this.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from torch import Tensor

from treelet.errors import TrainingError
from treelet.networks.device import Device
from treelet.teaching.device_optimizer import DeviceOptimizer
from treelet.teaching.optimizer import Optimizer

T = TypeVar("T")

_runs = itertools.count()
"""Numbers the runs of this process: they are the same on all."""

_START = timedelta(minutes=3)
_RELEASE = 0.2
"""Seconds: thousands of times what gloo's threads need."""
_WAIT = timedelta(hours=2)
"""The longest that processes wait for one that evaluates, or whose machine is gone without a word."""


class World:
    """The processes of a run: here one alone, which has nothing to share."""

    rank, size = 0, 1

    @property
    def is_first(self) -> bool:
        """Whether this process evaluates, writes and reports for all."""
        return self.rank == 0

    def on_first(self, work: Callable[[], T]) -> T:
        """What `work` gives on the first process, for all; the others wait."""
        return work()

    def must_agree(self, found: Callable[[], Mapping[str, Any]], advice: str) -> None:
        """Raises TrainingError when processes have found something different; advice: what to do then."""

    def spread(self, optimizer: Optimizer | DeviceOptimizer) -> None:
        """Parameters, and what the optimizer knows of them, become those of the first process."""


class Processes(World):
    """Several processes that torch.distributed connects: gloo between processors, nccl between GPUs."""

    def __init__(self, place: Place, device: Device) -> None:
        """Raises TrainingError when the others cannot be reached within three minutes."""
        import torch.distributed as connected
        from torch.distributed.distributed_c10d import PrefixStore
        from torch.distributed.rendezvous import rendezvous

        if not connected.is_available() or not connected.is_gloo_available():
            raise TrainingError("this PyTorch cannot connect processes (no gloo): start one alone")
        self.rank, self.size, self._place = place.rank, place.size, place
        self._connected = connected
        by_nccl = device.place.type == "cuda" and connected.is_nccl_available()
        try:
            store, _, _ = next(rendezvous("env://", timeout=_START))
            self.store = PrefixStore(f"treelet{next(_runs)}", store)
            connected.init_process_group(
                "cpu:gloo,cuda:nccl" if by_nccl else "gloo",
                store=self.store,
                rank=self.rank,
                world_size=self.size,
                timeout=_WAIT,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise TrainingError(f"{self}: cannot reach the others: {_line(error)}") from None

    def __str__(self) -> str:
        return f"process {self.rank} of {self.size} ({platform.node()})"

    def on_first(self, work: Callable[[], T]) -> T:
        """What `work` gives on the first process, for all; the others wait."""
        box: list[Any] = [work() if self.is_first else None]
        self._together(lambda: self._connected.broadcast_object_list(box, src=0))
        found: T = box[0]
        return found

    def gather(self, own: T) -> list[T]:
        """What every process gives, in their order, for all."""
        found: list[Any] = [None] * self.size
        self._together(lambda: self._connected.all_gather_object(found, own))
        return found

    def sum(self, numbers: Tensor) -> Tensor:
        """The sum over all processes, the same bits on each; may overwrite what it is given."""
        near = numbers if numbers.device.type in ("cpu", "cuda") else numbers.cpu()
        self._together(lambda: self._connected.all_reduce(near))
        return near.to(numbers.device)

    def must_agree(self, found: Callable[[], Mapping[str, Any]], advice: str) -> None:
        """Raises TrainingError when processes have found something different; advice: what to do then."""
        told = self.gather((str(self), found()))
        (first, expected), *others = told
        for other, values in others:
            if differing := [name for name, value in values.items() if value != expected.get(name)]:
                raise TrainingError(f"{other} has other {', '.join(differing)} than {first}: {advice}")

    def spread(self, optimizer: Optimizer | DeviceOptimizer) -> None:
        """Parameters, and what the optimizer knows of them, become those of the first process."""
        schedule = optimizer.schedule
        state, taught, steps = self.on_first(lambda: (optimizer.state(), schedule.taught, schedule.steps))
        if not self.is_first:
            optimizer.restore(state)
            schedule.taught, schedule.steps = taught, steps

    def fail(self, error: BaseException) -> None:
        """This process ends by an error. Returns when it is the one to tell; else the process ends here.

        The process that fails first leaves a note where all find it. Those that fail because it is gone stay
        silent, but on other machines, where one raises TrainingError with the note.
        """
        note = json.dumps([str(self), self._place.machine, _line(error)])
        try:
            if self.store.add("failures", 1) == 1:
                self.store.set("failure", note)
                return
            who, machine, reason = json.loads(self.store.get("failure"))
        except (RuntimeError, ValueError):
            return  # nothing is left of the others
        if isinstance(error, KeyboardInterrupt):
            return
        time.sleep(1)  # the process that failed first ends first: what started it looks for that
        if machine != self._place.machine and self._place.local_rank == 0:
            raise TrainingError(f"{who} failed: {reason}") from None
        raise SystemExit(1) from None

    def leave(self) -> None:
        """The run is over, or this process fails."""
        if self._connected.is_initialized():
            self._connected.destroy_process_group()
            # gloo's threads may outlive the group, and wait for the interpreter to let go of what was sent
            # last: one that still waits when Python ends is ended with it, by an abort.
            time.sleep(_RELEASE)

    def _together(self, call: Callable[[], object]) -> None:
        try:
            call()
        except RuntimeError as error:
            raise TrainingError(
                f"{self}: lost the others: {_line(error)}; one was ended from outside or its machine "
                "cannot be reached: start all again, --resume goes on from the last checkpoint"
            ) from error


@dataclass(frozen=True)
class Place:
    """Which of a run's processes this one is."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0  # among those of its machine
    machine: int = 0

    def device(self, name: str) -> str:
        """The device of this process by the name that all were given: "cuda" is another GPU for each."""
        return f"cuda:{self.local_rank}" if name == "cuda" and self.size > 1 else name


def find_place() -> Place:
    """What the environment says. Raises TrainingError when that is no number, or out of range."""
    place = Place(
        _number("RANK", 0), _number("WORLD_SIZE", 1), _number("LOCAL_RANK", 0), _number("GROUP_RANK", 0)
    )
    if place.size < 1 or not 0 <= place.rank < place.size:
        raise TrainingError(
            f"environment: RANK is {place.rank} and WORLD_SIZE is {place.size}; expected a rank below the "
            "size, as torchrun sets them: unset both to teach in one process"
        )
    return place


@contextmanager
def join(place: Place, device: Device) -> Iterator[World]:
    """The run's processes, connected inside. Any error inside ends all of them, with one message."""
    if place.size == 1:
        yield World()
        return
    processes = Processes(place, device)
    try:
        yield processes
    except GeneratorExit:  # the reader of events has seen enough, on all processes alike
        raise
    except BaseException as error:
        processes.fail(error)
        raise
    finally:
        processes.leave()


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "")
    try:
        return int(text) if text else otherwise
    except ValueError:
        raise TrainingError(f"environment: {name} is {text!r}, expected a number") from None


def _line(error: BaseException) -> str:
    """An error in one line, without the place in a library's source and the advice that PyTorch adds."""
    text = re.sub(r"^\[\S+:\d+\] |\. This is typically .*", "", str(error))
    return next(iter(text.splitlines()), "") or type(error).__name__
