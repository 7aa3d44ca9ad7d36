"""One system on one core: annotates all texts each time a line comes in, and prints a JSON line.

    python speed_worker.py treelet|spacy PIPELINE TEXTS.jsonl CORE BATCH_SIZE [DISABLED,ANNOTATORS]

Run by speed.py in the interpreter that has the system; imports the standard library and that system alone.
"""

import json
import os
import resource
import sys
import time


def main() -> None:
    system, pipeline, texts_path, core, batch_size, *disabled = sys.argv[1:]
    os.sched_setaffinity(0, {int(core)})
    disable = [name for name in (disabled[0] if disabled else "").split(",") if name]
    with open(texts_path, encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    started = time.perf_counter()
    if system == "treelet":
        import treelet

        imported = time.perf_counter()
        nlp = treelet.load(pipeline, exclude=disable)
    else:
        import spacy

        imported = time.perf_counter()
        nlp = spacy.load(pipeline, exclude=disable)
    loaded = time.perf_counter()
    report(
        {
            "import_seconds": imported - started,
            "load_seconds": loaded - imported,
            "megabytes_loaded": peak_megabytes(),
        }
    )
    for _request in sys.stdin:
        started = time.perf_counter()
        docs = list(nlp.pipe(texts, batch_size=int(batch_size)))
        seconds = time.perf_counter() - started
        report({"seconds": seconds, "tokens": sum(len(doc) for doc in docs), "megabytes": peak_megabytes()})
        del docs


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(values: dict[str, float]) -> None:
    print(json.dumps(values), flush=True)


main()
