"""CoNLL-U files in, F1 of Tokens and Words from their raw text out, by the CoNLL 2018 scorer.

    python benchmarks/tokenizer_accuracy.py --language en --learn train.conllu dev.conllu

Raw text is rebuilt from `# text`: paragraphs begin at `# newpar` and `# newdoc`, and a blank line parts them.
Sentences are not predicted here, so each paragraph is handed to the scorer as one.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from udtools.udeval import evaluate, load_conllu

from treelet.languages import Tokenizer, learn_exceptions, load_language

Tokens = list[tuple[str, list[str], bool]]  # surface, words, space after


def sentences(path: Path) -> Iterator[tuple[list[str], Tokens]]:
    """Comments and surface tokens of every sentence."""
    comments: list[str] = []
    tokens: Tokens = []
    inside = 0  # words of a multi-word token still to come
    for line in path.read_text(encoding="utf-8").split("\n"):
        columns = line.split("\t")
        if not line:
            if tokens:
                yield comments, tokens
            comments, tokens = [], []
        elif line.startswith("#"):
            comments.append(line)
        elif "-" in columns[0]:
            first, last = map(int, columns[0].split("-"))
            inside = last - first + 1
            tokens.append((columns[1], [], "SpaceAfter=No" not in columns[9]))
        elif "." not in columns[0]:
            if inside:
                tokens[-1][1].append(columns[1])
                inside -= 1
            else:
                tokens.append((columns[1], [columns[1]], "SpaceAfter=No" not in columns[9]))


def paragraphs(path: Path) -> list[str]:
    """Raw text, a string a paragraph."""
    out: list[list[str]] = []
    for comments, _ in sentences(path):
        if not out or any(c.startswith(("# newpar", "# newdoc")) for c in comments):
            out.append([])
        out[-1].extend(c[len("# text = ") :] for c in comments if c.startswith("# text ="))
    return [" ".join(lines) for lines in out]


def chunks(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Every stretch without white space, and the words of its tokens."""
    for _, tokens in sentences(path):
        chunk, analysis = "", []
        for surface, words, space_after in tokens:
            if " " in surface:
                chunk, analysis = "", []
                continue
            chunk += surface
            analysis.append(words)
            if space_after:
                yield chunk, analysis
                chunk, analysis = "", []
        if chunk:
            yield chunk, analysis


def to_conllu(tokenizer: Tokenizer, texts: list[str]) -> str:
    """Dummy trees over the predicted words, one a paragraph."""
    lines: list[str] = []
    for text in texts:
        words = 0
        for surface, forms, _ in tokenizer.tokens(text):
            if len(forms) > 1:
                lines.append(f"{words + 1}-{words + len(forms)}\t{surface}" + "\t_" * 8)
            for form in forms:
                words += 1
                relation = "root" if words == 1 else "dep"
                lines.append(f"{words}\t{form}" + "\t_" * 4 + f"\t{words - 1}\t{relation}\t_\t_")
        lines.append("")
    return "\n".join(lines) + "\n"


def errors(tokenizer: Tokenizer, path: Path) -> Counter[tuple[str, str]]:
    """Chunks split otherwise than in the file: (expected, found), by how often."""
    out: Counter[tuple[str, str]] = Counter()

    def show(analysis: list[list[str]]) -> str:
        return " ".join("|".join(words) for words in analysis)

    for chunk, expected in chunks(path):
        found = [forms for _, forms, _ in tokenizer.tokens(chunk + " x")][:-1]
        if found != expected:
            out[show(expected), show(found)] += 1
    return out


def main() -> None:
    """Prints one line a file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--language", default="en")
    parser.add_argument("--learn", type=Path, help="CoNLL-U to learn exceptions from first")
    parser.add_argument("--errors", type=int, default=0, help="show so many of the commonest errors")
    options = parser.parse_args()
    rules = load_language(options.language)
    if options.learn:
        rules = learn_exceptions(rules, chunks(options.learn))
    tokenizer = Tokenizer(rules)
    for path in options.files:
        gold = load_conllu(io.StringIO(path.read_text(encoding="utf-8")), str(path), {})
        system = load_conllu(io.StringIO(to_conllu(tokenizer, paragraphs(path))), "predicted", {})
        scores = evaluate(gold, system)
        print(path.name, *(f"{name} {100 * scores[name].f1:.2f}" for name in ("Tokens", "Words")))
        for (expected, found), count in errors(tokenizer, path).most_common(options.errors):
            print(f"  {count:4} expected {expected}   found {found}")


if __name__ == "__main__":
    main()
