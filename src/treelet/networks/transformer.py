"""Words in, a vector of a pretrained transformer for each out, in the width of the encoder that takes them.

Weights, configuration and tokenizer are those of Hugging Face transformers; their code runs here, none that
came with the weights does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from treelet.package.files import TRANSFORMER_CONFIG, TRANSFORMER_TOKENIZER, TRANSFORMER_WEIGHTS
from treelet.package.safetensors import Tensor as Stored
from treelet.package.safetensors import write_tensors
from treelet.settings import TransformerSettings

MOST_AT_ONCE = 2048
"""Sub-tokens in one call of the transformer, unless a single window has more."""
MOST_PADDING = 1.2
"""Times the sub-tokens of a call that it may take with what fills up the shorter windows."""
FINAL_MARKS = frozenset(".!?…")
"""Words after which what a transformer sees at once should rather end than elsewhere."""


@dataclass(frozen=True)
class Pretrained:
    """A transformer and how it cuts words, both from Hugging Face."""

    model: nn.Module
    tokenizer: Any
    """`tokenizers.Tokenizer`."""


class SubTokens:
    """Cuts words into what a transformer has embeddings of, each word once and apart from its neighbours."""

    def __init__(self, tokenizer: Any, marks: tuple[list[int], list[int]], unknown: int) -> None:
        """marks: what stands before and after every text; unknown: a word of which nothing is left."""
        self._tokenizer, self.marks, self._unknown = tokenizer, marks, unknown
        self._known: dict[str, list[int]] = {}

    def of(self, words: Sequence[str]) -> list[list[int]]:
        """Numbers of the sub-tokens of each word, at least one."""
        if fresh := list(dict.fromkeys(word for word in words if word not in self._known)):
            # A blank first: what byte-pair tokenizers see inside of a text
            texts = [f" {word}".encode("utf-8", "replace").decode() for word in fresh]  # no lone surrogates
            encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
            found = (each.ids or [self._unknown] for each in encoded)
            self._known.update(zip(fresh, found, strict=True))
        return [self._known[word] for word in words]


@dataclass(frozen=True)
class Window:
    """Sub-tokens that the transformer sees at once; `first` are the places of the words' first ones."""

    ids: list[int]
    first: list[int]


def windows(words: Sequence[str], ids: Sequence[list[int]], most: int) -> Iterator[Window]:
    """The words of one document in their order, at most so many sub-tokens at once.

    A window ends after the last final mark of its second half, else where it is full.
    """
    begin, n = 0, len(words)
    while begin < n:
        end, size, mark = begin, 0, 0
        while end < n and (end == begin or size + len(ids[end]) <= most):
            size += len(ids[end])
            end += 1
            if size * 2 > most and words[end - 1] in FINAL_MARKS:
                mark = end
        if end < n and mark:
            end = mark
        window = Window([], [])
        for one in ids[begin:end]:
            window.first.append(len(window.ids))
            window.ids.extend(one[:most])
        yield window
        begin = end


class Transformer(nn.Module):
    """A pretrained transformer, and a learned mix of its layers at the first sub-token of every word.

    The mix is that of Peters et al. (2018, equation 1): softmax weights over the embeddings and all layers,
    and a factor; an affine map then gives the width of the encoder.
    """

    def __init__(self, pretrained: Pretrained, settings: TransformerSettings, width: int) -> None:
        super().__init__()
        self.model, self.settings = pretrained.model, settings
        config: Any = pretrained.model.config
        self._tokenizer = pretrained.tokenizer
        before, after = _marks(pretrained.tokenizer)
        self.subtokens = SubTokens(pretrained.tokenizer, (before, after), _unknown(pretrained.tokenizer))
        room = getattr(config, "max_position_embeddings", 512) - 2  # two places are the padding's in some
        self.most = max(1, min(settings.window, room - len(before) - len(after)))
        self._padding = int(getattr(config, "pad_token_id", None) or 0)
        self.mix = nn.Parameter(torch.zeros(config.num_hidden_layers + 1))
        self.factor = nn.Parameter(torch.ones(()))
        self.map = nn.Linear(config.hidden_size, width)
        nn.init.normal_(self.map.weight, std=config.hidden_size**-0.5)
        nn.init.zeros_(self.map.bias)

    @property
    def own(self) -> list[nn.Parameter]:
        """Parameters that are not the pretrained model's."""
        return [self.mix, self.factor, *self.map.parameters()]

    @property
    def told(self) -> str:
        """What it is, in a few words."""
        config: Any = self.model.config
        numbers = sum(parameter.numel() for parameter in self.model.parameters())
        return (
            f"{type(self.model).__name__}, {config.num_hidden_layers} layers of {config.hidden_size}, "
            f"{numbers:,} parameters"
        )

    def forward(self, documents: Sequence[Sequence[str]]) -> Tensor:
        """Vectors (words of all documents, width) of the documents' words."""
        seen = [w for words in documents for w in windows(words, self.subtokens.of(words), self.most)]
        vectors = [torch.empty(0)] * len(seen)
        for batch in _alike(seen):
            for number, found in zip(batch, self._layers([seen[i] for i in batch]), strict=True):
                vectors[number] = found
        if not vectors:
            return self.map.weight.new_empty(0, self.map.out_features)
        return self.map(torch.cat(vectors))  # type: ignore[no-any-return]

    def _layers(self, batch: Sequence[Window]) -> Sequence[Tensor]:
        """The mixed layers at the words of each window."""
        before, after = self.subtokens.marks
        rows = [[*before, *window.ids, *after] for window in batch]
        longest, place = max(map(len, rows)), self.mix.device
        ids = np.full((len(rows), longest), self._padding, np.int64)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
        mask = np.arange(longest) < np.array([len(row) for row in rows])[:, None]
        with torch.autocast(place.type, torch.bfloat16, enabled=self.settings.precision == "bf16"):
            told = self.model(
                torch.from_numpy(ids).to(place),
                attention_mask=torch.from_numpy(mask.astype(np.int64)).to(place),
                output_hidden_states=True,
            )
        shares = torch.softmax(self.mix, 0)
        layers = zip(shares, told.hidden_states, strict=True)
        mixed = self.factor * torch.stack([share * layer for share, layer in layers]).sum(0)
        starts = [number * longest + len(before) for number in range(len(rows))]
        at = [start + first for start, window in zip(starts, batch, strict=True) for first in window.first]
        found: Tensor = mixed.flatten(0, 1)[torch.tensor(at, device=place)]
        return torch.split(found, [len(window.first) for window in batch])

    def files(self) -> dict[str, bytes]:
        """What a package holds of it, by file name: numbers in 16 bits where their range allows."""
        arrays = {name: array.detach().cpu() for name, array in self.named_parameters()}
        small = {name: bool((array.abs() < 65504).all()) for name, array in arrays.items()}
        tensors = {
            name: Stored(
                "F16" if small[name] else "F32",
                tuple(array.shape),
                array.numpy().astype("<f2" if small[name] else "<f4").tobytes(),
            )
            for name, array in arrays.items()
        }
        config: Any = self.model.config
        return {
            TRANSFORMER_CONFIG: json.dumps(_plain(config.to_dict()), indent=1, sort_keys=True).encode(),
            TRANSFORMER_TOKENIZER: self._tokenizer.to_str().encode(),
            TRANSFORMER_WEIGHTS: write_tensors(tensors),
        }


def _plain(config: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration without what would load code, or tells where it came from."""
    return {name: value for name, value in config.items() if name not in ("auto_map", "_name_or_path")}


def _alike(seen: Sequence[Window]) -> Iterator[list[int]]:
    """Numbers of windows of about the same length, few of whose sub-tokens will be padding."""
    order = sorted(range(len(seen)), key=lambda number: len(seen[number].ids))
    batch: list[int] = []
    held = 0
    for number in order:
        size = len(seen[number].ids)
        padded = (len(batch) + 1) * size
        if batch and (padded > MOST_AT_ONCE or padded > (held + size) * MOST_PADDING):
            yield batch
            batch, held = [], 0
        batch.append(number)
        held += size
    if batch:
        yield batch


def _marks(tokenizer: Any) -> tuple[list[int], list[int]]:
    """What the tokenizer puts before and after a text."""
    marked = tokenizer.encode(" a")
    own = [number for number, special in enumerate(marked.special_tokens_mask) if not special]
    if not own:
        return marked.ids, []
    return marked.ids[: own[0]], marked.ids[own[-1] + 1 :]


def _unknown(tokenizer: Any) -> int:
    for name in ("[UNK]", "<unk>", "�"):
        if (number := tokenizer.token_to_id(name)) is not None:
            return int(number)
    return 0
