"""How a device annotates beside the core: a package and documents in; words a second, differing words out.

    python benchmarks/devices.py en_core_web_sm en_ewt-ud-dev.conllu --device cuda

Both in full precision, and the core as it is by default besides. Raw text, best of --rounds.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import treelet
from treelet.formats import read_docs


def timed(nlp: treelet.Pipeline, texts: list[str], rounds: int) -> tuple[float, list[dict[str, Any]]]:
    """Words a second of the best round, and the annotations of every word."""
    best = 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        docs = list(nlp.pipe(texts, batch_size=1000))
        best = max(best, sum(map(len, docs)) / (time.perf_counter() - start))
    return best, [token for doc in docs for token in doc.to_json()["tokens"]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    texts = [doc.text for doc in read_docs(options.gold)]

    exact = {"encoder.precision": "fp32"}
    device = treelet.load(options.package, settings=exact).to(options.device)
    device_speed, of_device = timed(device, texts, options.rounds)
    result: dict[str, Any] = {"device": options.device, "words": len(of_device)}
    result["words_a_second"] = device_speed
    for name, settings in (("core, fp32", exact), ("core", {})):
        speed, of_core = timed(treelet.load(options.package, settings=settings), texts, options.rounds)
        differing = sum(one != other for one, other in zip(of_core, of_device, strict=True))
        result[name] = {"words_a_second": speed, "differing_words": differing}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
