"""The files of a sound package in, those of a damaged one out: the same for the same random numbers.

Damage is done at every depth: to bytes, to values of JSON and TOML, to the header of the weights, to which
files there are, and to settings, labels and weights together, so that they still fit one another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from random import Random
from typing import Any

Files = dict[str, bytes]

MANIFEST, WEIGHTS, LABELS = "manifest.json", "weights.safetensors", "labels.json"
JSON_FILES = (MANIFEST, "tokenizer.json", LABELS)
NUMBERS = (0, 1, -1, 2, 255, 2**16, 2**31 - 1, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, 10**30, 10**399)
REALS = (0.5, -0.0, 1e-320, 1e308, -1e308, 3.0)
TEXTS = ("", "\0", "\x1b[31mred", "\u202e", "\u2028", "\n", "\ud800", "../../x", "/etc/passwd", "C:\\x")
MORE_TEXTS = (
    "root",
    "|",
    "l[0,0--]",
    "l[99999,99999--]",
    "k-",
    "x" * 5000,
    "é\U0001f600",
    "0.1.0",
    ">=9",
    "~=1",
)
PIECES = (
    b"\0",
    b"\xff" * 8,
    b'"',
    b"[",
    b"{",
    b"}",
    b"]",
    b",",
    b":",
    b"\\u",
    b"\n",
    b"9" * 50,
    b"\xc0\x80",
    b"-",
    b"e9",
)


def damage(files: Files, others: list[Files], chance: Random) -> Files:
    """Damaged one to three times. `others`: sound packages that parts are taken from."""
    files = dict(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        kind = chance.choices(DAMAGES, WEIGHT_OF_DAMAGES)[0]
        kind(files, others, chance)
    if chance.random() < 0.85:
        mend_hashes(files, chance)
    return files


def mend_hashes(files: Files, chance: Random) -> None:
    """Lets the manifest tell sizes and hashes as they are, so that the damage gets past them."""
    try:
        manifest = json.loads(files[MANIFEST])
        entries = manifest["files"]
        for name in list(entries):
            if name in files:
                data = files[name]
                entries[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        files[MANIFEST] = json.dumps(manifest).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return  # the manifest itself is what is damaged


def change_bytes(data: bytes, chance: Random, other: bytes = b"") -> bytes:
    """Bits flipped, bytes inserted, deleted, repeated, taken from elsewhere, or cut off."""
    out = bytearray(data)
    near = chance.choice((len(out), 200, 4000))  # most of what a file decides is near its start
    at = chance.randrange(min(len(out), near) + 1)
    length = chance.choice((1, 2, 8, 100, 3000))
    kind = chance.randrange(7)
    if kind == 0:
        for _ in range(chance.choice((1, 1, 4, 30))):
            if out:
                out[chance.randrange(min(len(out), near))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del out[at:]
    elif kind == 2:
        out[at:at] = chance.choice((chance.randbytes(length), chance.choice(PIECES)))
    elif kind == 3:
        del out[at : at + length]
    elif kind == 4:
        out[at:at] = out[at : at + length] * chance.choice((1, 2, 50))
    elif kind == 5:
        begin = chance.randrange(len(other) + 1)
        out[at : at + length] = other[begin : begin + length]
    else:
        out[at : at + length] = chance.choice(PIECES) * chance.choice((1, 3))
    return bytes(out)


def change_value(value: Any, chance: Random) -> Any:
    """A tree of dictionaries and lists with one place of it changed."""
    if not isinstance(value, (dict, list)) or not value or chance.random() < 0.15:
        return odd_value(value, chance)
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key: Any = chance.choice(keys)
    kind = chance.randrange(8)
    if kind == 0:
        del value[key]
    elif kind == 1 and isinstance(value, dict):
        value[chance.choice((*TEXTS, *MORE_TEXTS))] = value.pop(key)
    elif kind == 1:
        value.insert(key, value[chance.randrange(len(value))])
    elif kind == 2:
        value[key] = value[chance.choice(keys)]
    else:
        value[key] = change_value(value[key], chance)
    return value


def odd_value(value: Any, chance: Random) -> Any:
    """Something to stand in the place of `value`: near to it, of its type, or of another."""
    kind = chance.randrange(8)
    if kind == 0 and isinstance(value, (int, float)):
        return value + chance.choice((-1, 1))
    if kind == 1 and isinstance(value, str):
        return value + chance.choice((*TEXTS, *MORE_TEXTS))
    if kind == 2 and isinstance(value, str) and value:
        return change_bytes(value.encode("utf-8", "replace"), chance).decode("utf-8", "surrogateescape")
    if kind == 3:
        return [value] * chance.choice((1, 2, 2 if isinstance(value, (dict, list)) else 300))
    if kind == 4:
        deep: Any = value
        for _ in range(chance.choice((1, 5, 150, 250))):
            deep = [deep]
        return deep
    scalars: list[Any] = [None, True, False, [], {}, *NUMBERS, *REALS]
    return chance.choice([*scalars, *TEXTS, *MORE_TEXTS])


def _bytes(files: Files, others: list[Files], chance: Random) -> None:
    name = chance.choice(sorted(files))
    elsewhere = chance.choice(others)
    other = elsewhere[chance.choice(sorted(elsewhere))]
    files[name] = change_bytes(files[name], chance, other)


def _json(files: Files, others: list[Files], chance: Random) -> None:
    name = chance.choice(JSON_FILES)
    try:
        value = json.loads(files[name])
        for _ in range(chance.choice((1, 1, 3))):
            value = change_value(value, chance)
        files[name] = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    except (ValueError, KeyError, RecursionError):
        _bytes(files, others, chance)


def _settings(files: Files, others: list[Files], chance: Random) -> None:
    lines = files.get("settings.toml", b"").split(b"\n")
    at = chance.randrange(len(lines))
    name, equals, _ = lines[at].partition(b" = ")
    if equals and chance.random() < 0.7:
        odd = chance.choice(
            (*NUMBERS, *REALS, "true", '""', "[]", "[[1]]", "{a = 1}", "1979-05-27", "nan", "'''x")
        )
        lines[at] = name + b" = " + str(odd).encode()
    elif chance.random() < 0.5:
        lines.insert(at, chance.choice(lines))
    else:
        del lines[at]
    files["settings.toml"] = b"\n".join(lines)


def _header(files: Files, others: list[Files], chance: Random) -> None:
    data = files.get(WEIGHTS, b"")
    size = int.from_bytes(data[:8], "little")
    try:
        header = change_value(json.loads(data[8 : 8 + size]), chance)
        text = json.dumps(header).encode()
    except (ValueError, RecursionError):
        text = data[8 : 8 + size][:100_000]
    length = (
        len(text) if chance.random() < 0.8 else chance.choice((0, 7, 2**31, 2**63, 2**64 - 1, len(text) + 8))
    )
    files[WEIGHTS] = length.to_bytes(8, "little") + text + data[8 + size :]


def _numbers(files: Files, others: list[Files], chance: Random) -> None:
    """Weights of any value: huge, tiny, infinite, none; in a stretch of them or in all."""
    data = files.get(WEIGHTS, b"")
    start = min(8 + int.from_bytes(data[:8], "little"), len(data))
    begin = chance.randrange(start, len(data) + 1)
    length = chance.choice((4, 64, 5000, len(data))) // 4 * 4
    patterns = (
        b"\xff\xff\x7f\x7f",
        b"\x00\x00\x80\x7f",
        b"\x00\x00\xc0\x7f",
        b"\xff\x7b\xff\x7b",
        b"\0\0\0\0",
        b"\x80" * 4,
    )
    filler = chance.choice((*patterns, chance.randbytes(4))) * (length // 4)
    files[WEIGHTS] = data[:begin] + (filler + data[begin + length :])[: len(data) - begin]


def _files(files: Files, others: list[Files], chance: Random) -> None:
    name, other = chance.choice(sorted(files)), chance.choice(others)
    kind = chance.randrange(5)
    if kind == 0:
        del files[name]
    elif kind == 1:
        files[name] = b""
    elif kind == 2 and name in other:
        files[name] = other[name]
    elif kind == 3:
        files[name] = files[chance.choice(sorted(files))]
    else:
        files[chance.choice(("more", "__init__.py", "x" * 200, "weights.bin"))] = chance.randbytes(50)


def _fitting(files: Files, others: list[Files], chance: Random) -> None:
    from fuzz_networks import fitting  # deferred: needs the settings of the library

    fitting(files, chance)


DAMAGES: tuple[Callable[[Files, list[Files], Random], None], ...] = (
    *(_bytes, _json, _settings, _header, _numbers, _files, _fitting),
)
WEIGHT_OF_DAMAGES = (5, 6, 3, 3, 2, 1, 4)
