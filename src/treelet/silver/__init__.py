"""Raw text and pipelines to silver documents on disk, and back: what teachers say."""

from treelet.silver.cache import SilverCache, open_cache
from treelet.silver.labelling import Labelled, Labelling, label

__all__ = ["Labelled", "Labelling", "SilverCache", "label", "open_cache"]
