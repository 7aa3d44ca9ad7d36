"""What is known of a network in, drawings of it out: as text, and as SVG."""

from treelet.visualize.diagram import Block, Diagram, network_diagram
from treelet.visualize.svg import diagram_svg
from treelet.visualize.text import diagram_text

__all__ = ["Block", "Diagram", "diagram_svg", "diagram_text", "network_diagram"]
