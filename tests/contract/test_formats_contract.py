"""What every format promises: a Doc comes back, an empty file is no Doc, and errors name file and line."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from treelet.doc import Doc
from treelet.errors import FormatError
from treelet.formats import READERS, read_docs, write_conllu, write_iob, write_jsonl

Writer = Callable[[Iterable[Doc]], Iterator[str]]

WRITERS: dict[str, Writer] = {
    ".conllu": lambda docs: map(write_conllu, docs),
    ".iob2": write_iob,
    ".jsonl": write_jsonl,
}


@pytest.fixture
def docs() -> list[Doc]:
    spaces = [True, True, False]
    tags = ["B-PER", "I-PER", "O"]
    starts = [True, False, False]
    first = Doc(["Zoë", "Li", "😀"], spaces, ents=tags, sent_starts=starts, user_data={"newpar": ""})
    second = Doc(
        ["No", "name", "."], spaces, ents=["O", "O", "O"], sent_starts=starts, user_data={"newpar": ""}
    )
    return [first, second]


@pytest.mark.parametrize("suffix", WRITERS)
def test_words_and_entities_come_back(suffix: str, docs: list[Doc], tmp_path: Path) -> None:
    path = tmp_path / f"docs{suffix}"
    path.write_text("".join(WRITERS[suffix](docs)), encoding="utf-8", newline="")
    read = list(read_docs(path))
    assert [[(t.form_, t.ent_iob_, t.ent_type_) for t in doc] for doc in read] == [
        [(t.form_, t.ent_iob_, t.ent_type_) for t in doc] for doc in docs
    ]
    assert [doc.text for doc in read] == [doc.text for doc in docs]


@pytest.mark.parametrize("suffix", READERS)
def test_an_empty_file_holds_no_documents(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"empty{suffix}"
    for content in ("", "\n\n"):
        path.write_text(content)
        assert list(read_docs(path)) == []


@pytest.mark.parametrize("suffix", READERS)
def test_errors_name_file_and_line(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"broken{suffix}"
    for content in (b"\n\nbroken\n", b"\n\n\xff\n", b"\n\n\x00\n"):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=rf"broken{suffix}, line 3: found"):
            list(read_docs(path))


@pytest.mark.parametrize("suffix", READERS)
def test_a_missing_file_is_an_os_error(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing"):
        list(read_docs(tmp_path / f"nothing{suffix}"))
