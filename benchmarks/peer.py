"""Documents to a spaCy pipeline in another interpreter, and its annotations back."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("peer_spacy.py")


def run_peer(pipeline: str, python: str, documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Annotations in the form that peer_spacy.py describes, one for each document."""
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    result = subprocess.run(
        [python, str(SCRIPT), pipeline], input=lines, stdout=subprocess.PIPE, text=True, check=True
    )
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    if len(answers) != len(documents):
        raise SystemExit(f"{pipeline}: {len(answers)} answers for {len(documents)} documents")
    return answers
