"""Files of pretrained vectors: text, and matrices beside their words; damage names file and line."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from treelet import _core
from treelet.errors import FormatError, PackageError
from treelet.settings import Settings
from treelet.teaching.static_vectors import StaticVectors, pruned, read_static_vectors, with_vectors

WORDS = ["the", "dog", "Dog", "Rome", "–"]
MATRIX = np.array(
    [[1.0, 2.0, 2.0], [0.5, 0.0, -0.5], [9.0, 9.0, 9.0], [-3.0, 0.0, 4.0], [0.0, 0.0, 1e-3]], np.float32
)
GLOVE = "".join(
    f"{word} {' '.join(map(str, row))}\n" for word, row in zip(WORDS, MATRIX.tolist(), strict=True)
)


def unit(row: int) -> np.ndarray:
    vector: np.ndarray = MATRIX[row] / np.linalg.norm(MATRIX[row])
    return vector


def npy(matrix: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, matrix)
    return out.getvalue()


def write_text(folder: Path) -> Path:
    (folder / "v.txt").write_text(GLOVE, encoding="utf-8")
    return folder / "v.txt"


def write_word2vec(folder: Path) -> Path:
    (folder / "v.vec").write_text(f"5 3\n{GLOVE}", encoding="utf-8")
    return folder / "v.vec"


def write_tabs(folder: Path) -> Path:
    (folder / "v.tsv").write_text("\ufeff" + GLOVE.replace(" ", "\t") + "\n", encoding="utf-8")
    return folder / "v.tsv"


def write_lines_of_windows(folder: Path) -> Path:
    (folder / "v.txt").write_bytes(GLOVE.replace("\n", " \r\n").encode())
    return folder / "v.txt"


def write_compressed_text(folder: Path) -> Path:
    (folder / "v.txt.gz").write_bytes(gzip.compress(GLOVE.encode()))
    return folder / "v.txt.gz"


def write_matrix(folder: Path) -> Path:
    (folder / "v.f16.npy.xz").write_bytes(lzma.compress(npy(MATRIX.astype(np.float16))))
    (folder / "v.vocab.txt.bz2").write_bytes(bz2.compress("\n".join(WORDS).encode()))
    return folder / "v.f16.npy.xz"


@pytest.mark.parametrize(
    "write",
    [
        write_text,
        write_word2vec,
        write_tabs,
        write_lines_of_windows,
        write_compressed_text,
        write_matrix,
    ],
)
def test_formats_give_the_same(write: Callable[[Path], Path], tmp_path: Path) -> None:
    vectors = read_static_vectors(write(tmp_path), 0)
    assert vectors.table.dtype == np.int8
    assert vectors.table.shape == (4, 3), "Dog has the norm of dog, and the first one counts"
    found = vectors.of(["The", "DOG", "rome", "-", "unseen"])
    expected = np.stack([unit(0), unit(1), unit(3), unit(4), np.zeros(3)])
    np.testing.assert_allclose(found, expected, atol=0.01)
    assert found.dtype == np.float32


@pytest.mark.parametrize("write", [write_text, write_word2vec, write_matrix])
def test_only_so_many_words(write: Callable[[Path], Path], tmp_path: Path) -> None:
    vectors = read_static_vectors(write(tmp_path), 2)
    assert len(vectors.keys) == 2
    assert set(vectors.keys.tolist()) == set(_core.norm_hashes(["the", "dog"]).tolist())


def test_words_with_blanks_shift_no_number(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text("the 1 0\n. . . 0 1\nat 1/2 1 1\n7 3 4\n", encoding="utf-8")
    vectors = read_static_vectors(tmp_path / "v.txt", 0)
    np.testing.assert_allclose(vectors.of([". . .", "at 1/2", "7"])[[0, 2]], [[0, 1], [0.6, 0.8]], atol=0.01)


def test_a_vector_of_one_number_is_no_header(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text("the 0.5\ndog 1\n", encoding="utf-8")
    assert len(read_static_vectors(tmp_path / "v.txt", 0).keys) == 2


def test_line_separators_inside_words_part_no_words(tmp_path: Path) -> None:
    (tmp_path / "v.npy").write_bytes(npy(MATRIX))
    words = ["the", "dog", "a\u2028b", "c\x85d", "–"]
    (tmp_path / "v.vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    np.testing.assert_allclose(read_static_vectors(tmp_path / "v.npy", 0).of(["–"]), [unit(4)], atol=0.01)


def test_keys_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    vectors = read_static_vectors(write_text(tmp_path), 0)
    assert vectors.keys.tolist() == _core.norm_hashes(["the", "dog", "rome", "–"]).tolist()
    assert isinstance(vectors, StaticVectors)
    assert set(vectors.arrays()) == {"vectors.keys", "vectors.table", "vectors.scale"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "holds no vectors"),
        ("b.txt", b"word\n", "holds no vectors"),
        ("c.txt", b"the 1 2\ndog 1\n", "line 2: found 1 numbers, expected 2"),
        ("d.txt", b"the 1 2\ndog 1 x\n", r"line 2: found 'dog 1 x', expected a word and numbers"),
        ("e.txt", b"the 1 2\n\xff\xfe 1 2\n", "line 2: not UTF-8 text; .*save binary files"),
        ("e.vec", b"2 3\nthe 1 2\n", "line 2: found 2 numbers, expected 3"),
        ("e.tsv", b"the 1 2\nNew York 1 2 3\n", "line 2: found 3 numbers, expected 2"),
        ("f.txt", b"the 1 2\ndog nan 1\n", "line 2: .*finite"),
        ("g.txt", b"the 1 2\ndog 1e999 1\n", "line 2: .*finite"),
        ("h.txt.gz", b"not compressed", "cannot be read"),
        ("i.txt.gz", gzip.compress(GLOVE.encode())[:40], "cannot be read"),
        ("j.txt.xz", lzma.compress(GLOVE.encode())[:40], "cannot be read"),
        ("k.txt.bz2", bz2.compress(GLOVE.encode())[:30], "cannot be read"),
        ("m.npy", b"\x93NUMPY damaged", "cannot be read"),
        ("n.npy", npy(np.zeros(3, np.float32)), r"found shape \(3,\)"),
        ("o.npy", npy(np.zeros((2, 3), np.float32)), r"found shape \(2, 3\) and 3 words"),
        ("p.npy", npy(np.array([[1, 1], [1, np.nan], [1, 1]])), "row 2: .*finite"),
        ("q.npy", npy(np.array([["a"], ["b"], ["c"]])), "numbers"),
        ("r.npy", npy(np.zeros((3, 0), np.float32)), r"found shape \(3, 0\)"),
        ("s.npy", npy(np.array([[None], [1], [2]], dtype=object)), "cannot be read"),
    ],
)
def test_damage_is_an_error_that_names_the_file(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (tmp_path / f"{path.stem}.vocab.txt").write_text("the\ndog\nRome\n")
    with pytest.raises(FormatError, match=f"{name}.*{message}"):
        read_static_vectors(path, 0)


def test_missing_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"nowhere\.txt"):
        read_static_vectors(tmp_path / "nowhere.txt", 0)
    (tmp_path / "v.npy").write_bytes(npy(MATRIX))
    with pytest.raises(FormatError, match=r"v\.vocab\.txt"):
        read_static_vectors(tmp_path / "v.npy", 0)


def many_vectors(words: int, length: int = 4) -> StaticVectors:
    random = np.random.default_rng(3)
    keys = np.asarray(_core.norm_hashes([f"w{i}" for i in range(words)]), np.uint64)
    table = random.integers(-127, 128, (words, length), dtype=np.int8)
    return StaticVectors(keys, table, np.full(length, 0.01, np.float32))


def test_words_beyond_the_rows_get_the_nearest() -> None:
    vectors = many_vectors(2000)
    few = pruned(vectors, 300)
    assert few.table.shape == (300, 4)
    assert few.shared_rows == 300
    assert vectors.shared_rows == 0
    words = [f"w{i}" for i in range(2000)]
    before, after = vectors.of(words), few.of(words)
    assert np.array_equal(before[:300], after[:300])
    unit = before / np.linalg.norm(before, axis=1, keepdims=True)
    nearest = (unit[300:] @ unit[:300].T).argmax(axis=1)
    assert np.array_equal(after[300:], before[:300][nearest])
    assert not few.of(["W5x", "nobody"]).any()


def test_a_file_is_pruned_as_it_is_read(tmp_path: Path) -> None:
    path = write_text(tmp_path)
    assert read_static_vectors(path, 0, 2).table.shape == (2, 3)
    assert read_static_vectors(path, 0, 4).shared_rows == 0
    settings = with_vectors(Settings(), read_static_vectors(path, 0, 2)).encoder
    assert (settings.vector_words, settings.vector_rows, settings.vector_length) == (4, 2, 3)


@pytest.mark.parametrize(
    ("rows", "key", "message"), [(3, 3, "entry 1: row 3 of 3"), (3, None, "entry 1 stands twice")]
)
def test_keys_that_name_no_row_or_stand_twice_are_refused(rows: int, key: int | None, message: str) -> None:
    few = pruned(many_vectors(8), rows)
    keys = few.keys.copy()
    keys[1] = keys[1] & ~np.uint64(0xFFFF) | np.uint64(key) if key is not None else keys[0]
    weights = _core.Weights()
    settings = _core.EncoderSettings(
        8, 0, 1, 1, [], [4, 4], _core.FeatureSettings([], [], 4), 8, 4, vector_rows=rows
    )
    shapes = {"embed.norm": (4, 8), "embed.shape": (4, 8), "mix.weight": (8, 24), "vectors.map": (8, 4)}
    shapes |= {"mix.bias": (8,), "mix.gain": (8,), "mix.shift": (8,), "vectors.scale": (4,)}
    for name, shape in shapes.items():
        weights.add(name, "F32", list(shape), np.ones(shape, np.float32))
    weights.add_keys("vectors.keys", keys)
    weights.add("vectors.table", "I8", list(few.table.shape), few.table)
    with pytest.raises(PackageError, match=message):
        _core.Encoder(settings, weights)
