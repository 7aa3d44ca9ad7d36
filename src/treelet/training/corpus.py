"""Files in, gold documents out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.formats import read_docs


def read_corpora(paths: Sequence[Path], label_map: Mapping[str, str]) -> list[Doc]:
    """Documents of all files, in order; `label_map` renames entity types ("" to outside, "-" to missing)."""
    docs: list[Doc] = []
    for path in paths:
        found = [doc for doc in read_docs(path, label_map=label_map) if len(doc)]
        if not found:
            raise TrainingError(f"{path}: holds no words")
        docs += found
    return docs
