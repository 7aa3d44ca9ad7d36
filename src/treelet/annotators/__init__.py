"""The table of annotators, the shapes of all weights that given settings ask for, and what both make."""

from treelet.annotators.assemble import assemble
from treelet.annotators.shapes import calibration_shapes, network_shapes
from treelet.annotators.table import ANNOTATOR_TABLE, Annotator

__all__ = ["ANNOTATOR_TABLE", "Annotator", "assemble", "calibration_shapes", "network_shapes"]
