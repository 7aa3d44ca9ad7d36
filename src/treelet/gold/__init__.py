"""Gold documents: made from what people have, and checked before they teach."""

from treelet.doc.offsets import OffsetProblem, OffsetsError, check_offsets
from treelet.gold.example import Example, gold_docs

__all__ = ["Example", "OffsetProblem", "OffsetsError", "check_offsets", "gold_docs"]
