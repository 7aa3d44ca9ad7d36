"""A text on the command line to its verbs with subject and object, read off the dependency trees.

python examples/verbs_and_objects.py "Apple bought a startup. The founders left it."
"""

import sys

import treelet
from treelet import Token

nlp = treelet.load("en_core_web_sm")


def dependent(verb: Token, relation: str) -> str:
    return next((child.text for child in verb.children if child.dep_ == relation), "-")


for token in nlp(" ".join(sys.argv[1:])):
    if token.pos_ == "VERB":
        print(dependent(token, "nsubj"), token.lemma_, dependent(token, "obj"))
