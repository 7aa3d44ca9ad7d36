"""Lines of text on standard input to the people and places in them, one line a document.

python examples/annotate_stream.py < texts.txt
"""

import sys

import treelet

nlp = treelet.load("en_core_web_sm")
for doc in nlp.pipe((line.rstrip("\n") for line in sys.stdin), threads=2):
    print("; ".join(f"{entity.text} ({entity.label_})" for entity in doc.ents))
