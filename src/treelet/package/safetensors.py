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

_BYTES = {"F16": 2, "F32": 4, "I8": 1, "U64": 8}
_NUMPY = {"F16": "<f2", "F32": "<f4", "I8": "i1", "U64": "<u8"}
_MOST_HEADER_BYTES = 10_000_000
_MOST_VALUES = 2**31


class Tensor:
    """One array: type ("F16", "F32", "I8" or "U64"), shape, and its row-major little-endian bytes."""

    __slots__ = ("data", "dtype", "shape")

    def __init__(self, dtype: str, shape: tuple[int, ...], data: memoryview | bytes) -> None:
        self.dtype, self.shape, self.data = dtype, shape, data


def to_array(tensor: Tensor) -> np.ndarray:
    """The same numbers as a read-only numpy array of that type and shape."""
    import numpy as np

    return np.frombuffer(tensor.data, dtype=_NUMPY[tensor.dtype]).reshape(tensor.shape)


def write_tensors(tensors: Mapping[str, Tensor]) -> bytes:
    """The bytes of a safetensors file."""
    import json  # deferred: loading a package does without

    header: dict[str, Any] = {}
    offset = 0
    for name, tensor in tensors.items():
        end = offset + len(tensor.data)
        header[name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *(bytes(t.data) for t in tensors.values())])


def read_tensors(path: str | Path) -> dict[str, Tensor]:
    """Arrays of a file, as views of what was read of it. Raises PackageError."""
    # Read, not mapped: that takes some milliseconds, once, and a file that is cut short while it is mapped ends the
    # process. The bytes go when the arrays do; the core keeps its own form of the numbers.
    try:
        with open(path, "rb") as file:
            content = memoryview(file.read())
    except OSError as error:
        raise PackageError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_tensors(content, str(path))


def parse_tensors(content: memoryview, where: str) -> dict[str, Tensor]:
    """Arrays in the bytes of a safetensors file. Raises PackageError where they contradict themselves."""
    if len(content) < 8:
        raise PackageError(f"{where}: found {len(content)} bytes, expected a header; the file is cut short")
    size = int.from_bytes(content[:8], "little")
    if size > min(len(content) - 8, _MOST_HEADER_BYTES):
        raise PackageError(f"{where}: a header of {size} bytes in a file of {len(content)}; it is damaged")
    try:
        header = _core.read_json(str(content[8 : 8 + size], "utf-8"))
    except (FormatError, UnicodeDecodeError) as error:
        raise PackageError(f"{where}: the header is not JSON: {error}; the file is damaged") from None
    if not isinstance(header, dict):
        raise PackageError(f"{where}: the header is not a JSON object")
    header.pop("__metadata__", None)
    data = content[8 + size :]
    tensors = {name: _tensor(name, entry, data, where) for name, entry in header.items()}
    _check_cover([entry["data_offsets"] for entry in header.values()], len(data), where)
    return tensors


def _tensor(name: str, entry: Any, data: memoryview, where: str) -> Tensor:
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
    if end > len(data) or begin > end or end - begin != prod(shape) * width:
        raise PackageError(
            f"{where}: {name!r}: bytes {begin} to {end} of {len(data)}, expected "
            f"{prod(shape) * width} bytes for shape {tuple(shape)}; the file is damaged"
        )
    return Tensor(dtype, tuple(shape), data[begin:end])


def _check_cover(ranges: list[list[int]], size: int, where: str) -> None:
    at = 0
    for begin, end in sorted(ranges):
        if begin != at:
            raise PackageError(
                f"{where}: arrays overlap or leave a gap at byte {min(begin, at)}; it is damaged"
            )
        at = end
    if at != size:
        raise PackageError(f"{where}: {size - at} bytes follow the last array; the file is damaged")
