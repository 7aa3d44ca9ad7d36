"""The table of annotators, and the shapes of every weight a network of given settings has."""

from treelet.annotators.shapes import network_shapes
from treelet.annotators.table import ANNOTATOR_TABLE, Annotator

__all__ = ["ANNOTATOR_TABLE", "Annotator", "network_shapes"]
