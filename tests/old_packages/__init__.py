"""Packages of every structure and format that was released: they load, and annotate the same, for ever."""

from __future__ import annotations

from pathlib import Path

import treelet
from treelet.formats import write_conllu

KEPT = sorted(folder.parent for folder in Path(__file__).parent.glob("*/expected.conllu"))
TEXTS = (
    "The dogs saw Tim in Rome. A cat liked Ana.",
    "This river found Otto.\n\nThe teachers painted Maria in Paris.",
)


def annotations_of(package: Path) -> str:
    """What a package makes of the texts, in CoNLL-U."""
    nlp = treelet.load(package, verify=True)
    return "".join(write_conllu(nlp(text)) for text in TEXTS)
