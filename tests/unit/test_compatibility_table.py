"""compatibility.json: what it means, what is refused, and which version is chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from treelet.errors import PackageError
from treelet.installing.table import Entry, Table, choose, make_table, parse_table, table_to_json

NAME = "en_core_web_sm"


def entry(version: str, treelet: str = ">=0.1.0,<1", name: str = NAME) -> tuple[str, str, Entry]:
    file = f"treelet_{name}-{version}-py3-none-any.whl"
    return name, version, Entry(file=file, sha256="0" * 64, bytes=1, treelet=treelet)


TABLE = make_table(
    [
        *(entry("0.1.0"), entry("0.1.2"), entry("0.1.10"), entry("0.2.0", ">=0.3.1,<1")),
        *(entry("1.0.0", ">=1.0.0,<2"), entry("0.1.3", ">=0.1.0,<0.2")),
        entry("0.1.0", name="de_dep_news_md"),
    ]
)


def test_rows_are_where_ranges_start_and_newest_comes_first() -> None:
    assert list(TABLE.treelet) == ["1.0", "0.3", "0.1"]
    assert TABLE.treelet["0.1"] == {"de_dep_news_md": ["0.1.0"], NAME: ["0.1.10", "0.1.3", "0.1.2", "0.1.0"]}
    assert TABLE.treelet["0.3"][NAME] == ["0.2.0", "0.1.10", "0.1.2", "0.1.0"]
    assert TABLE.treelet["1.0"] == {NAME: ["1.0.0"]}


@pytest.mark.parametrize(
    ("library", "versions"),
    [
        ("0.1.0", ["0.1.10", "0.1.3", "0.1.2", "0.1.0"]),
        ("0.1.7.dev1", ["0.1.10", "0.1.3", "0.1.2", "0.1.0"]),
        ("0.2.0", ["0.1.10", "0.1.2", "0.1.0"]),  # the row of 0.1, and what of it fits
        ("0.3.0", ["0.1.10", "0.1.2", "0.1.0"]),
        ("0.3.1", ["0.2.0", "0.1.10", "0.1.2", "0.1.0"]),
        ("0.9.0", ["0.2.0", "0.1.10", "0.1.2", "0.1.0"]),
        ("1.5.0", ["1.0.0"]),
        ("0.0.9", []),
        ("2.0.0", []),
    ],
)
def test_a_library_goes_by_its_row_or_the_nearest_lower_one(library: str, versions: list[str]) -> None:
    assert TABLE.versions(NAME, library) == versions


def test_the_newest_that_fits_is_chosen() -> None:
    assert choose(TABLE, NAME, None, "0.1.0", "here") == "0.1.10"
    assert choose(TABLE, NAME, "0.1.2", "0.1.0", "here") == "0.1.2"


@pytest.mark.parametrize(
    ("name", "version", "library", "said"),
    [
        (
            "pt_core_web_sm",
            None,
            "0.1.0",
            "no package pt_core_web_sm; there are: de_dep_news_md, en_core_web_sm",
        ),
        (NAME, "0.1.1", "0.1.0", "treelet 0.1.0 can have 0.1.10, 0.1.3"),
        (
            NAME,
            "0.2.0",
            "0.1.0",
            "is for treelet >=0.3.1,<1, this is treelet 0.1.0: treelet 0.1.0 can have 0.1.10",
        ),
        (NAME, None, "2.0.0", "pip install 'treelet>=1.0.0,<2'"),
        (NAME, "1.0.0", "2.0.0", "pip install 'treelet>=1.0.0,<2'"),
    ],
)
def test_what_does_not_fit_is_told_with_what_would(
    name: str, version: str | None, library: str, said: str
) -> None:
    with pytest.raises(PackageError, match=r"^here: ") as caught:
        choose(TABLE, name, version, library, "here")
    assert said in str(caught.value)


def test_a_file_without_a_row_is_withdrawn() -> None:
    rows = {"0.1": {NAME: ["0.1.2"]}}
    table = Table(format=1, treelet=rows, files=TABLE.files)
    with pytest.raises(PackageError, match=r"0\.1\.0 has been withdrawn: treelet 0\.1\.0 can have 0\.1\.2"):
        choose(table, NAME, "0.1.0", "0.1.0", "here")


def test_two_files_of_one_version_are_an_error() -> None:
    with pytest.raises(PackageError, match="there twice"):
        make_table([entry("0.1.0"), entry("0.1.0")])


def changed(*path: str, to: Any) -> bytes:
    values = json.loads(table_to_json(TABLE))
    place = values
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    return json.dumps(values).encode()


FILE = ("files", NAME, "0.1.0")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "compatibility.json"),
        (b"[]", "expected a table"),
        (b"{}", "format: is missing"),
        (b"\xff", "not a compatibility.json"),
        (changed("format", to=2), "upgrade treelet"),
        (changed("format", to=0), "format"),
        (changed("format", to=True), "format"),
        (changed("treelet", to=[]), "treelet"),
        (changed("treelet", "0.1.0", to={}), "treelet.0.1.0"),
        (changed("treelet", "0.01", to={}), "treelet.0.01"),
        (changed("treelet", "0.1", NAME, to=["0.1.0", "0.1.2"]), "newest first"),
        (changed("treelet", "0.1", NAME, to=["0.1.0", "0.1.0"]), "newest first"),
        (changed("treelet", "0.1", NAME, to=["0.1.1"]), "0.1.1 is not among the files"),
        (changed("treelet", "0.1", "x", to=["0.1.1"]), "0.1.1 is not among the files"),
        (changed("treelet", "0.1", NAME, to=[1]), f"treelet.0.1.{NAME}.0"),
        (
            changed("files", "../x", to={"0.1.0": TABLE.files[NAME]["0.1.0"].to_dict()}),
            "lang_type_genre_size",
        ),
        (changed("files", NAME, "0.1", to=TABLE.files[NAME]["0.1.0"].to_dict()), "files.en_core_web_sm.0.1:"),
        (changed(*FILE, "file", to="../treelet_en_core_web_sm-0.1.0-py3-none-any.whl"), "without a folder"),
        (changed(*FILE, "file", to="treelet_en_core_web_sm-0.1.2-py3-none-any.whl"), "found file"),
        (changed(*FILE, "file", to="evil.exe"), "name of a wheel"),
        (changed(*FILE, "sha256", to="0" * 63), "64 hexadecimal digits"),
        (changed(*FILE, "sha256", to="٠" * 64), "64 hexadecimal digits"),
        (changed(*FILE, "bytes", to=-1), "bytes"),
        (changed(*FILE, "bytes", to=2**60), "bytes"),
        (changed(*FILE, "bytes", to=1.5), "bytes"),
        (changed(*FILE, "treelet", to="~=0.1"), "expected a range"),
        (b" " * 20_000_001, "expected at most"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, where: str) -> None:
    with pytest.raises(PackageError, match=r"^somewhere") as caught:
        parse_table(content, "somewhere")
    assert where in str(caught.value)


def test_unknown_members_are_passed_over() -> None:
    assert parse_table(changed("later", to={"a": 1}), "x") == TABLE
