"""The network in PyTorch: an encoder, an output layer for each annotator; names as ARCHITECTURE has them."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from treelet import _core
from treelet.networks.encoder import Encoder
from treelet.networks.layers import StateScorer, first_scores
from treelet.networks.sentence_starts import SentenceStarts
from treelet.settings import Settings


@dataclass(frozen=True)
class OutputSizes:
    """How many labels, and state features and actions, each annotator has; 0 where it is absent."""

    tagged: dict[str, int]  # affine outputs by name: tagger, upos, feats, lemmatizer, supertag
    parser: tuple[int, int] = (0, 0)  # features, actions
    ner: tuple[int, int] = (0, 0)


class Network(nn.Module):
    """Encoder, affine outputs (`tagged`), and the state layers of parser and recognizer."""

    def __init__(self, settings: Settings, sizes: OutputSizes) -> None:
        super().__init__()
        width = settings.encoder.width
        self.encoder = Encoder(settings.encoder, settings.features)
        self.table_names = settings.features.tables()
        self.tagged = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.tagged.items()})
        for name in self.tagged:
            output = self.output(name)
            output.weight, output.bias = (nn.Parameter(first_scores(*p.shape)) for p in output.parameters())
        self.senter: SentenceStarts | None = None
        if settings.senter is not None:
            gap = settings.senter
            self.senter = SentenceStarts(width, gap.hidden, gap.pieces, len(_core.gap_row_names()))
        self.parser: StateScorer | None = None
        self.ner: StateScorer | None = None
        if settings.parser is not None:
            shape = settings.parser
            self.parser = StateScorer(width, sizes.parser[0], shape.hidden, shape.pieces, sizes.parser[1])
        if settings.ner is not None:
            shape_of_ner = settings.ner
            self.ner = StateScorer(
                width, sizes.ner[0], shape_of_ner.hidden, shape_of_ner.pieces, sizes.ner[1]
            )

    def output(self, name: str) -> nn.Linear:
        """The affine output of that name."""
        found = self.tagged[name]
        assert isinstance(found, nn.Linear)
        return found

    def parameters_of(self, name: str) -> list[nn.Parameter]:
        """Those of "encoder" or of one annotator; the supertag's are the parser's."""
        modules: dict[str, list[nn.Module | None]] = {
            "encoder": [self.encoder],
            "morphologizer": [self.output(each) for each in ("upos", "feats") if each in self.tagged],
            "senter": [self.senter],
            "parser": [self.parser, *(self.output(each) for each in ("supertag",) if each in self.tagged)],
            "ner": [self.ner],
        }
        found = modules[name] if name in modules else [self.output(name)]
        return [parameter for module in found if module is not None for parameter in module.parameters()]

    def arrays(self) -> dict[str, Tensor]:
        """Every parameter that annotates, by its name in a package; what only teaches is left out."""
        found: dict[str, Tensor] = {}
        for table, weights in zip(self.table_names, self.encoder.tables, strict=True):
            found[f"embed.{table}"] = weights
        if self.encoder.static_map is not None:
            found["vectors.map"] = self.encoder.static_map
        blocks: dict[str, nn.Module] = {"mix": self.encoder.mix}
        blocks.update({f"encoder.{number}": layer for number, layer in enumerate(self.encoder.layers)})
        blocks.update({f"recurrent.{number}": layer for number, layer in enumerate(self.encoder.recurrent)})
        for name, layer in blocks.items():
            found.update({f"{name}.{part}": array for part, array in layer.named_parameters()})
        for name, output in self.tagged.items():
            if name != "supertag":
                found.update({f"{name}.{part}": array for part, array in output.named_parameters()})
        if self.senter is not None:
            found.update({f"senter.{part}": array for part, array in self.senter.named_parameters()})
        for name, scorer in (("parser", self.parser), ("ner", self.ner)):
            if scorer is not None:
                for part, array in scorer.named_parameters():
                    found[f"{name}.{part.replace('upper_', 'upper.')}"] = array
        return {name: array.detach() for name, array in found.items()}


def parameter_count(network: nn.Module) -> int:
    """Numbers that are trained."""
    return sum(p.numel() for p in network.parameters())
