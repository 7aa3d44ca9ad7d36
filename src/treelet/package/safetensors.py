"""Named arrays to the safetensors format and back: header length, JSON header, raw little-endian numbers.

Nothing read from a file is trusted: types, shapes, offsets and overlaps are checked before data is used.
"""

from __future__ import annotations

from math import prod

from treelet import _core
from treelet.errors import FormatError, PackageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    import numpy as np

    from treelet.package.source import FileBytes

_BYTES = {"F16": 2, "F32": 4, "I8": 1, "U64": 8}
_NUMPY = {"F16": "<f2", "F32": "<f4", "I8": "i1", "U64": "<u8"}
NUMPY_TYPES = {"F16": "float16", "F32": "float32", "I8": "int8", "U64": "uint64"}
"""Names of the types of arrays in numpy."""
_MOST_HEADER_BYTES = 1_000_000
_MOST_VALUES = 2**31


class Place:
    """Where an array is: its type ("F16", "F32", "I8" or "U64"), its shape, and its bytes in the file."""

    __slots__ = ("begin", "dtype", "end", "shape")

    def __init__(self, dtype: str, shape: tuple[int, ...], begin: int, end: int) -> None:
        self.dtype, self.shape, self.begin, self.end = dtype, shape, begin, end


class Tensor:
    """One array: its type and shape, and its row-major little-endian bytes."""

    __slots__ = ("data", "dtype", "shape")

    def __init__(self, dtype: str, shape: tuple[int, ...], data: memoryview | bytes) -> None:
        self.dtype, self.shape, self.data = dtype, shape, data


def to_bytes(array: np.ndarray) -> tuple[Tensor, Tensor]:
    """A matrix of floats in bytes, rows in whole steps of their largest magnitude / 127; the steps."""
    import numpy as np

    steps = (np.abs(array).max(axis=1) / np.float32(127)).astype("<f4")
    rounded = np.rint(array / np.where(steps > 0, steps, 1)[:, None]).clip(-127, 127).astype(np.int8)
    return Tensor("I8", array.shape, rounded.tobytes()), Tensor("F32", steps.shape, steps.tobytes())


def from_bytes(tensor: Tensor, steps: Tensor) -> np.ndarray:
    """The floats that `to_bytes` rounded to."""
    import numpy as np

    floats: np.ndarray = to_array(tensor).astype(np.float32) * to_array(steps)[:, None]
    return floats


def to_array(tensor: Tensor) -> np.ndarray:
    """The same numbers as a read-only numpy array of that type and shape."""
    import numpy as np

    return np.frombuffer(tensor.data, dtype=_NUMPY[tensor.dtype]).reshape(tensor.shape)


def write_tensors(tensors: Mapping[str, Tensor], notes: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a safetensors file; notes: text by name, its metadata."""
    import json  # deferred: loading a package does without

    header: dict[str, Any] = {"__metadata__": dict(notes)} if notes else {}
    offset = 0
    for name, tensor in tensors.items():
        end = offset + len(tensor.data)
        header[name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *(bytes(t.data) for t in tensors.values())])


def read_tensors(path: str | Path) -> dict[str, Tensor]:
    """Arrays of a file, as views of its bytes. Raises PackageError."""
    try:
        with open(path, "rb") as file:
            content = memoryview(file.read())
    except OSError as error:
        raise PackageError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_tensors(content, str(path))


def parse_tensors(content: memoryview, where: str) -> dict[str, Tensor]:
    """Arrays in the bytes of a safetensors file. Raises PackageError where they contradict themselves."""
    places = parse_header(content[: _MOST_HEADER_BYTES + 8], len(content), where)
    return {
        name: Tensor(place.dtype, place.shape, content[place.begin : place.end])
        for name, place in places.items()
    }


def read_notes(path: str | Path) -> dict[str, str]:
    """The metadata of a file that `read_tensors` reads."""
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = _core.read_json(file.read(min(size, _MOST_HEADER_BYTES)).decode())
    notes = header.get("__metadata__", {})
    return {name: text for name, text in notes.items() if isinstance(text, str)}


def read_header(file: FileBytes) -> dict[str, Place]:
    """Places of the arrays of an open file. Raises PackageError where they contradict themselves or it."""
    start = bytearray(min(8, file.size))
    file.read_into(0, memoryview(start))
    size = int.from_bytes(start, "little")
    head = bytearray(size if size <= min(_MOST_HEADER_BYTES, file.size - 8) else 0)
    file.read_into(8, memoryview(head))
    return parse_header(memoryview(bytes(start + head)), file.size, file.where)


def parse_header(head: memoryview, file_size: int, where: str) -> dict[str, Place]:
    """The same of the first bytes of a file of `file_size` bytes."""
    if len(head) < 8:
        raise PackageError(f"{where}: found {len(head)} bytes, expected a header; the file is cut short")
    size = int.from_bytes(head[:8], "little")
    if size > min(file_size - 8, len(head) - 8, _MOST_HEADER_BYTES):
        raise PackageError(f"{where}: a header of {size} bytes in a file of {file_size}; it is damaged")
    try:
        header = _core.read_json(str(head[8 : 8 + size], "utf-8"))
    except (FormatError, UnicodeDecodeError) as error:
        raise PackageError(f"{where}: the header is not JSON: {error}; the file is damaged") from None
    if not isinstance(header, dict):
        raise PackageError(f"{where}: the header is not a JSON object")
    header.pop("__metadata__", None)
    places = {name: _place(name, entry, (8 + size, file_size), where) for name, entry in header.items()}
    _check_cover(sorted((place.begin, place.end) for place in places.values()), (8 + size, file_size), where)
    return places


def _place(name: str, entry: Any, data: tuple[int, int], where: str) -> Place:
    try:
        dtype, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        width = _BYTES[dtype]
        integers = all(type(n) is int and n >= 0 for n in (*shape, begin, end))
    except (KeyError, TypeError, ValueError):
        raise PackageError(
            f"{where}: {name!r}: expected dtype F16, F32, I8 or U64, a shape and two offsets"
        ) from None
    if not integers or not isinstance(shape, list) or len(shape) > 8 or any(n > _MOST_VALUES for n in shape):
        raise PackageError(f"{where}: {name!r}: shape and offsets must be whole numbers of a sensible size")
    size = data[1] - data[0]
    if end > size or begin > end or end - begin != prod(shape) * width:
        raise PackageError(
            f"{where}: {name!r}: bytes {begin} to {end} of {size}, expected "
            f"{prod(shape) * width} bytes for shape {tuple(shape)}; the file is damaged"
        )
    return Place(dtype, tuple(shape), data[0] + begin, data[0] + end)


def _check_cover(ranges: list[tuple[int, int]], data: tuple[int, int], where: str) -> None:
    at, size = data
    for begin, end in ranges:
        if begin != at:
            raise PackageError(
                f"{where}: arrays overlap or leave a gap at byte {min(begin, at)}; it is damaged"
            )
        at = end
    if at != size:
        raise PackageError(f"{where}: {size - at} bytes follow the last array; the file is damaged")
