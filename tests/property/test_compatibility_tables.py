"""Tables of any wheels: written and read they stay the same, and choose what the ranges alone would."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from treelet.installing.table import Entry, is_for, make_table, parse_table, table_to_json
from treelet.package.version import numbers_of

NUMBERS = st.integers(0, 3)
VERSIONS = st.builds("{}.{}.{}".format, st.integers(0, 1), NUMBERS, st.integers(0, 12))
BOUNDS = st.one_of(VERSIONS, st.builds("{}.{}".format, NUMBERS, NUMBERS), st.builds(str, NUMBERS))
SIGNS = st.sampled_from([">=", "<", "<=", ">", "=="])
RANGES = st.lists(st.builds("{}{}".format, SIGNS, BOUNDS), max_size=3).map(",".join)
NAMES = st.sampled_from(["en_core_web_sm", "pt_core_news_md", "de_dep_x1_lg"])


@st.composite
def wheels(draw: st.DrawFn) -> list[tuple[str, str, Entry]]:
    keys = draw(st.lists(st.tuples(NAMES, VERSIONS), unique=True, max_size=6))
    return [
        (
            name,
            version,
            Entry(
                file=f"treelet_{name}-{version}-py3-none-any.whl",
                sha256=f"{draw(st.integers(0, 2**256 - 1)):064x}",
                bytes=draw(st.integers(1, 2**33)),
                treelet=draw(RANGES),
            ),
        )
        for name, version in keys
    ]


@given(wheels(), VERSIONS)
@settings(max_examples=200, deadline=None)
def test_a_table_is_read_as_it_was_written_and_chooses_by_ranges(
    entries: list[tuple[str, str, Entry]], library: str
) -> None:
    table = make_table(entries)
    again = parse_table(table_to_json(table), "table")
    assert again == table
    shuffled = entries[:]
    random.Random(0).shuffle(shuffled)
    assert table_to_json(make_table(shuffled)) == table_to_json(table)
    for name in table.files:
        own = [(version, entry) for each, version, entry in entries if each == name]
        fitting = [version for version, entry in own if is_for(library, version, entry.treelet)]
        assert again.versions(name, library) == sorted(fitting, key=numbers_of, reverse=True)
