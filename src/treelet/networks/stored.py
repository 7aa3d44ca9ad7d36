"""A package's weights in, its network in PyTorch out: for devices, never to be taught."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from treelet.annotators.shapes import entity_system, parser_system
from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.networks import Stored
from treelet.networks.network import Network, OutputSizes


def stored_network(stored: Stored) -> Network:
    """The encoder, and the state layers of the parser and the recognizer of this pipeline."""
    absent: dict[str, Any] = {name: None for name in ANNOTATOR_TABLE if name not in stored.annotators}
    settings = replace(stored.settings, **(absent | {"senter": None}))
    parser, ner = (0, 0), (0, 0)
    if settings.parser is not None:
        system = parser_system(settings.parser, stored.labels)
        parser = len(system.features), system.n_actions
    if settings.ner is not None:
        moves = entity_system(settings.ner, stored.labels)
        ner = len(moves.features), moves.n_actions
    with torch.random.fork_rng(devices=[]):  # a new network draws random numbers, which are the caller's
        network = Network(settings, OutputSizes({}, parser, ner)).eval().requires_grad_(False)
    for name, array in network.arrays().items():
        array.copy_(torch.from_numpy(stored.weights[name].astype(np.float32)))
    return network
