"""The live object, `nlp`: texts to Docs, and gold Docs to better parameters."""

from treelet.pipeline.loading import load
from treelet.pipeline.pipeline import Pipeline

__all__ = ["Pipeline", "load"]
