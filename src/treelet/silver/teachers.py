"""Documents of words and teachers in, silver documents out: what the teachers say, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from treelet.doc import Doc
from treelet.pipeline import Pipeline
from treelet.silver.cache import Floats, Silver

BATCH = 64
"""Documents annotated at a time."""


def annotated(teachers: Sequence[Pipeline], docs: Sequence[Doc]) -> list[Silver]:
    """The documents, whose words stay as they are, with all that the teachers know."""
    (teacher,) = teachers
    return [Silver(doc, own_probabilities(doc)) for doc in teacher.pipe(docs, batch_size=BATCH)]


def own_probabilities(doc: Doc) -> dict[str, Floats]:
    """What a pipeline left in a document of how sure it was: docs/confidence.md."""
    columns = doc.columns
    found: dict[str, Any] = {
        "head": columns.head_probability_column(),
        "deprel": columns.deprel_probability_column(),
        "ent": columns.ent_probability_column(),
    }
    return {name: np.array(values, np.float32) for name, values in found.items()}
