"""A manifest in, a model card out: Markdown that tells people what the package is, made from it alone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from treelet.package import Manifest

_WRITES = {
    "tagger": "language-specific tags",
    "morphologizer": "universal parts of speech and morphological features",
    "lemmatizer": "lemmas",
    "senter": "sentence starts",
    "parser": "dependency trees",
    "ner": "named entities",
}
_LABEL_SETS = {
    "xpos": "language-specific tags (XPOS)",
    "upos": "universal parts of speech (UPOS)",
    "feats": "sets of morphological features (FEATS)",
    "trees": "edit trees of the lemmatizer",
    "left": "relations to a head on the right",
    "right": "relations to a head on the left",
    "ner": "entity types",
}
_COUNTED = {
    "UPOS": "part of speech (UPOS)",
    "XPOS": "tag (XPOS)",
    "UFeats": "feature (UFeats)",
    "LAS": "relation (LAS)",
    "ENTS": "entity type",
}
_LIST = re.compile(r"^(\d*)([-+=.)])(?=[\s=-]|$)")
_MARKS = re.compile(r"([\\`*\[\]|~#])|(?<![^\W_])(_)|(_)(?![^\W_])")


def model_card(manifest: Manifest) -> str:
    """The card of a package; every text of the manifest is escaped, so that it says only itself."""
    parts = [
        f"# {_code(manifest.name)}",
        *_opening(manifest),
        _table(("fact", "is"), _facts(manifest), "---"),
    ]
    return "\n\n".join([*parts, *_scores(manifest), *_labels(manifest), *_use(manifest)]) + "\n"


def escaped(text: str) -> str:
    """Text for Markdown and HTML: one line without control characters, in which no mark means anything."""
    line = "".join(c if c.isprintable() else " " for c in text)
    marked = _MARKS.sub(lambda match: "\\" + match[0], " ".join(line.split()))
    return html.escape(_LIST.sub(r"\1\\\2", marked), quote=False)


def _opening(manifest: Manifest) -> list[str]:
    told = ", ".join(_WRITES.get(name, escaped(name)) for name in manifest.annotators)
    opening = f"A model package for treelet: raw text in the language `{_code(manifest.lang)}` to {told}."
    return [opening, escaped(manifest.description)] if manifest.description.strip() else [opening]


def _facts(manifest: Manifest) -> list[tuple[str, str]]:
    size = sum(entry.bytes for entry in manifest.files.values()) / 1e6
    facts = [
        ("name", f"`{_code(manifest.name)}`"),
        ("version", manifest.version),
        ("language", f"`{_code(manifest.lang)}`"),
        ("annotators", escaped(", ".join(manifest.annotators))),
        ("size", f"{size:.1f} MB"),
        ("parameters", f"{manifest.parameters:,}"),
        ("treelet", f"`{_code(manifest.treelet)}`"),
        ("licence", escaped(manifest.licence) or "not told"),
    ]
    return facts + [("data" if at == 0 else "", escaped(each)) for at, each in enumerate(manifest.sources)]


def _scores(manifest: Manifest) -> list[str]:
    raw, gold = manifest.raw_scores, manifest.scores
    names = [*gold, *(name for name in raw if name not in gold)]
    if not names:
        return []
    rows = [(escaped(name), _figure(raw.get(name, "")), _figure(gold.get(name, ""))) for name in names]
    tables = [_table(("F1 of", "from raw text", "on gold words"), rows)]
    for metric, labels in manifest.label_scores.items():
        if labels:
            each = [(escaped(label), *map(_figure, values)) for label, values in labels.items()]
            head = (_COUNTED.get(metric, escaped(metric)), "precision", "recall", "F1")
            tables.append(_table(head, each))
    told = "Of the development data, in percent; single labels on gold words, the most frequent first."
    return ["## Scores", told, *tables]


def _labels(manifest: Manifest) -> list[str]:
    rows = [(_LABEL_SETS.get(name, escaped(name)), f"{count:,}") for name, count in manifest.labels.items()]
    return ["## Labels", _table(("label set", "labels"), rows)] if rows else []


def _use(manifest: Manifest) -> list[str]:
    name = _code(manifest.name)
    file = f"treelet_{name}-{_code(manifest.version)}-py3-none-any.whl"
    return [
        "## Use",
        f"```sh\npip install ./{file}  # or: treelet download {name} --from FOLDER_OR_URL\n```",
        f'```python\nimport treelet\n\nnlp = treelet.load("{name}")\n```',
        f'`treelet.load("{name}", verify=True)` compares every file with its SHA-256 in `manifest.json`.\n'
        "The package is data: installing and loading it runs nothing that it contains.",
    ]


def _figure(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else escaped(str(value))


def _code(text: str) -> str:
    """Text that goes between backticks, where no escape works."""
    return re.sub(r"[^\w.+<>=, -]", "", text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], mark: str = "---:") -> str:
    """The first column on the left, others, by their mark, on the right."""
    rule = ["---", *[mark] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *rows))
