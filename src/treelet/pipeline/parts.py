"""Settings, labels, tokenizer and weights in, the core's pipeline out: what `nlp` is at a moment."""

from __future__ import annotations

from treelet import _core
from treelet.annotators import assemble
from treelet.package import core_weights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from treelet.languages.data import Rules
    from treelet.package.safetensors import Tensor
    from treelet.settings import Settings


class Parts:
    """Never changed: a pipeline that is taught or altered gets other parts."""

    __slots__ = ("annotators", "labels", "settings", "tensors", "tokenizer", "transformer")

    def __init__(
        self,
        settings: Settings,
        labels: Mapping[str, Sequence[str]],
        annotators: Sequence[str],
        tokenizer: _core.Tokenizer,
        tensors: Callable[[], Mapping[str, Tensor]],
        transformer: str | None = None,
    ) -> None:
        """annotators: those that annotate, in their order; tensors: gives the weights of encoder and them;
        transformer: the folder of the package that a teacher was loaded from, which holds its transformer."""
        self.settings, self.labels, self.tokenizer = settings, labels, tokenizer
        self.annotators, self.tensors = tuple(annotators), tensors
        self.transformer = transformer

    def assemble(self) -> _core.Pipeline:
        """The core that annotates."""
        weights = core_weights(self.tensors())
        return assemble(self.tokenizer, self.settings, self.labels, weights, self.annotators)

    def taught_settings(self) -> Settings:
        """The settings without the sections of annotators that are not there."""
        gone = {name: None for name in self.settings.annotators() if name not in self.annotators}
        if not gone:
            return self.settings
        from dataclasses import replace  # deferred: loading a package does without

        return replace(self.settings, pipeline=list(self.annotators), **gone)  # type: ignore[arg-type]


def blank_parts(settings: Settings, rules: Rules) -> Parts:
    """Those of a pipeline that only tokenizes. Its encoder is never asked for anything, so it is small."""
    import json
    from math import prod

    from treelet.annotators import network_shapes
    from treelet.package.safetensors import Tensor
    from treelet.settings import settings_from_dict

    small = settings_from_dict(
        {"language": settings.language, "encoder": {"width": 8, "recurrent_layers": 0, "rows_norm": 1}}
    )
    shapes = network_shapes(small, {})
    zeros = {name: Tensor("F32", shape, bytes(4 * prod(shape))) for name, shape in shapes.items()}
    return Parts(small, {}, (), _core.Tokenizer(json.dumps(rules, ensure_ascii=False)), lambda: zeros)
