"""Texts and Docs with a context each in; annotated Docs with their contexts out, in order: `nlp.pipe`.

With more than one thread the core's own threads annotate, also while the consumer is busy with what it got.
"""

from __future__ import annotations

from treelet import _core
from treelet.doc import Doc
from treelet.errors import TextError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from treelet.networks.annotation import DeviceAnnotator

    Pair = tuple[Any, Any]

_MOST_CHARACTERS = 1_000_000
"""Of texts read ahead, so that memory stays bounded; a longer text has a thread to itself."""


class _Window:
    """Reads pairs ahead, no more than the bounds allow; keeps what went wrong for when its turn comes."""

    def __init__(self, pairs: Iterable[Pair], most: int, threads: int) -> None:
        self._pairs = iter(pairs)
        self._most, self._threads = most, threads
        self._held = self._characters = self._long = 0
        self.failure: Exception | None = None
        self._ended = False

    def read(self) -> Iterator[Pair]:
        """Pairs until the window is full, the pairs end, or reading fails."""
        while not self._ended and not self._full():
            try:
                pair = next(self._pairs)
                length = _length(pair[0])
            except StopIteration:
                self._ended = True
            except Exception as error:
                self._ended, self.failure = True, error
            else:
                self._count(length, 1)
                yield pair

    def release(self, item: Any) -> None:
        """Makes room: the document has been handed over."""
        self._count(_length(item), -1)

    def _full(self) -> bool:
        return (
            self._held >= self._most
            or self._characters >= _MOST_CHARACTERS
            or self._long >= self._threads
        )

    def _count(self, length: int, by: int) -> None:
        self._held += by
        if length > _MOST_CHARACTERS:
            self._long += by
        else:
            self._characters += by * length


def _length(item: Any) -> int:
    if isinstance(item, str):
        return len(item)
    if isinstance(item, Doc):
        return 6 * len(item)  # characters of a word and its blank, about
    raise TextError(f"text: found {type(item).__name__}, expected str or Doc")


def annotate_here(
    core: _core.Pipeline, pairs: Iterable[Pair], most: int, enabled: list[str]
) -> Iterator[Pair]:
    """On the thread of the caller, `most` documents at a time."""
    iterator = iter(pairs)
    failure = None
    while failure is None:
        read, failure = _read(iterator, most)
        if not read:
            break
        columns = _annotated(core, [item for item, _ in read if not isinstance(item, Doc)], enabled)
        for item, context in read:
            if isinstance(item, Doc):
                core.annotate_doc(item.columns, enabled)
                yield item, context
            else:
                yield Doc.from_columns(next(columns)), context
    if failure is not None:
        raise failure


def _read(pairs: Iterator[Pair], most: int) -> tuple[list[Pair], Exception | None]:
    """As many as fit into one go, and what went wrong after them."""
    read: list[Pair] = []
    characters = 0
    try:
        for pair in pairs:
            characters += _length(pair[0])
            read.append(pair)
            if len(read) == most or characters > _MOST_CHARACTERS:
                break
    except Exception as error:
        return read, error
    return read, None


def _annotated(core: _core.Pipeline, texts: list[str], enabled: list[str]) -> Iterator[_core.Doc]:
    while texts:  # more than once where one fails: those before it come first
        docs = core.annotate_all(texts, enabled)
        yield from docs
        texts = texts[len(docs) :]


def annotate_on_threads(
    core: _core.Pipeline, pairs: Iterable[Pair], bounds: tuple[int, int], enabled: list[str]
) -> Iterator[Pair]:
    """On threads of the core. `bounds`: documents read ahead at most, threads."""
    most, threads = bounds
    window = _Window(pairs, most, threads)
    stream = _core.Stream(core, enabled, threads)
    waiting: list[Pair] = []  # in the order of the stream
    try:
        while True:
            _push(stream, window, waiting)
            if not waiting:
                break
            docs = stream.take()
            taken, waiting = waiting[: len(docs)], waiting[len(docs) :]
            for columns, (item, context) in zip(docs, taken, strict=True):
                window.release(item)
                _push(stream, window, waiting)  # so that threads have work while the consumer has its own
                yield item if isinstance(item, Doc) else Doc.from_columns(columns), context
    finally:
        stream.close()
    if window.failure is not None:
        raise window.failure


def annotate_on_device(
    device: DeviceAnnotator, pairs: Iterable[Pair], bounds: tuple[int, int], enabled: list[str]
) -> Iterator[Pair]:
    """With token vectors of another device. `bounds`: documents read ahead at most, threads of the rest."""
    most, threads = bounds
    window = _Window(pairs, most, threads)
    while read := list(window.read()):
        docs = (item if isinstance(item, Doc) else device.make_doc(item) for item, _ in read)
        for doc, (item, context) in zip(device.annotate(docs, enabled, threads), read, strict=True):
            window.release(item)
            yield doc, context
    if window.failure is not None:
        raise window.failure


def _push(stream: _core.Stream, window: _Window, waiting: list[Pair]) -> None:
    for pair in window.read():
        stream.push(pair[0].columns if isinstance(pair[0], Doc) else pair[0])
        waiting.append(pair)
