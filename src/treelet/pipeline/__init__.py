"""The live object, `nlp`: texts to Docs, and gold Docs to better parameters."""

from treelet.pipeline.loading import blank, load
from treelet.pipeline.pipeline import Pipeline

__all__ = ["Pipeline", "blank", "load"]
