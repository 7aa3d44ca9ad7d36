"""Two-column entity files (IOB2, and IOB1, BILUO, BIOES made IOB2) in; one Doc a sentence out, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from treelet._core import Doc as Columns
from treelet.doc import Doc
from treelet.doc.entity_tags import UnknownTagError, entity_tag, read_entity_tags
from treelet.errors import TextError
from treelet.formats.lines import Place, ReadingLog, Source, name_of, numbered_lines


@dataclass(frozen=True)
class IobLayout:
    """Columns, counted from 0 or from the end when negative, and how many sentences make a Doc."""

    token: int = 0
    tag: int = -1
    sentences: int = 1


def read_iob(
    source: Source,
    *,
    where: str | None = None,
    label_map: Mapping[str, str] | None = None,
    layout: IobLayout | None = None,
    log: ReadingLog | None = None,
) -> Iterator[Doc]:
    """Docs of a file with a token and its entity tag on each line, sentences apart by blank lines.

    Columns are separated by tabs, or by blanks in a line without tabs. Tags `-` and `_` are not annotated.
    Tokens stand apart by one blank in the text. Lines that start with `# ` and have no tab are comments,
    unless they are `# O` or another token and tag; `-DOCSTART-` lines and empty tokens outside entities are
    left out.
    label_map: renames entity types, see read_entity_tags.
    log: goes on after errors and tells them; a tag of no known scheme is missing then.

    Raises FormatError with file and line: a missing column, a tag of no known scheme, bytes that are not
        UTF-8.
    """
    layout = layout or IobLayout()
    name = name_of(source, where)
    batch: list[list[tuple[int, str, str]]] = []
    for sentence in _sentences(source, name, layout, log):
        batch.append(sentence)
        if len(batch) >= layout.sentences:
            yield _doc(batch, name, label_map, log)
            batch = []
    if batch:
        yield _doc(batch, name, label_map, log)


def write_iob(docs: Iterable[Doc]) -> Iterator[str]:
    """One string a Doc: form, tab and IOB2 tag (`-` where not annotated) a line, a blank line after each
    sentence.

    Raises TextError for a word that holds a tab or a line end, which the format cannot say.
    """
    for doc in docs:
        columns = doc.columns
        lines: list[str] = []
        for i in range(len(doc)):
            form = columns.word(i)
            if "\t" in form or "\n" in form or "\r" in form:
                raise TextError(
                    f"word {i}: found a tab or a line end in {form!r}, which a two-column file cannot hold"
                )
            if i and columns.sent_start(i) == 1:
                lines.append("")
            lines.append(f"{form}\t{entity_tag(columns.iob(i), columns.ent_type(i)) or '-'}")
        yield "\n".join(lines) + "\n\n" if lines else ""


def _sentences(
    source: Source, name: str, layout: IobLayout, log: ReadingLog | None
) -> Iterator[list[tuple[int, str, str]]]:
    rows: list[tuple[int, str, str]] = []
    for number, line in numbered_lines(source, name, log):
        if not line.strip(" \t"):
            if rows:
                yield rows
                rows = []
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        if _is_comment(line, fields, layout) or fields[0] == "-DOCSTART-":
            continue
        try:
            token, tag = fields[layout.token].strip(" "), fields[layout.tag].strip(" ")
        except IndexError:
            token, tag = "", ""
        if len(fields) > 1 and not token and tag in ("O", "-", "_"):
            continue
        if len(fields) < 2 or not token:
            error = Place(name, number).error(
                f"{line!r}", "a token and its entity tag, separated by a tab or a blank"
            )
            if log is None:
                raise error
            log.problems.append(error)
            continue
        rows.append((number, token, tag))
    if rows:
        yield rows


def _is_comment(line: str, fields: list[str], layout: IobLayout) -> bool:
    if layout.token != 0 and fields[0] == "#":
        return True
    if not line.startswith("# ") or "\t" in line:
        return False
    return len(fields) != 2 or not (fields[1] in ("O", "-", "_") or fields[1][1:2] == "-")


def _doc(
    sentences: list[list[tuple[int, str, str]]],
    name: str,
    label_map: Mapping[str, str] | None,
    log: ReadingLog | None,
) -> Doc:
    if log is not None:
        log.lines.append([rows[0][0] for rows in sentences])
    surfaces = [token for rows in sentences for _, token, _ in rows]
    codes: list[int] = []
    types: list[str | None] = []
    starts: list[int] = []
    for rows in sentences:
        more_codes, more_types = _tags(rows, name, label_map, log)
        codes += more_codes
        types += more_types
        starts += [1] + [-1] * (len(rows) - 1)
    columns = Columns.from_tokens("", surfaces, [[]] * len(surfaces), [" "] * (len(surfaces) - 1) + [""])
    columns.set_sent_start_column(starts)
    if any(codes):
        columns.set_iob_column(codes)
        columns.set_ent_type_column(types)
    return Doc.from_columns(columns)


def _tags(
    rows: list[tuple[int, str, str]], name: str, label_map: Mapping[str, str] | None, log: ReadingLog | None
) -> tuple[list[int], list[str | None]]:
    tags = [tag for _, _, tag in rows]
    while True:
        try:
            return read_entity_tags(tags, label_map)
        except UnknownTagError as error:
            problem = Place(name, rows[error.word][0]).error(str(error), "O or B-, I-, L-, U- and a type")
            if log is None:
                raise problem from None
            log.problems.append(problem)
            tags[error.word] = ""
