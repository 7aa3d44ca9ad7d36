#!/usr/bin/env bash
# Teaches en_core_web_sm, the model that ships:  recipes/en_core_web_sm.sh DATA [OUT]
#
# DATA holds ud/English-EWT (Universal Dependencies 2.16, CC BY-SA 4.0), ner/BTC, ner/WNUT17 and ner/wikigold (CC BY 4.0),
# joint/English-EWT (Universal NER, dev only) and vectors/ (GloVe 6B, 50 dimensions, PDDL).
# Entity types are mapped to PER, ORG and LOC; types without a counterpart are taken as outside.
set -euo pipefail
data=${1:?usage: recipes/en_core_web_sm.sh DATA [OUT]}
out=${2:-src/treelet/models/en_core_web_sm}

treelet train --lang en --name en_core_web_sm --settings "$(dirname "$0")/en_core_web_sm.toml" \
  --train "$data/ud/English-EWT/train.conllu" \
  --train "$data/ner/BTC/train.iob2" --train "$data/ner/WNUT17/train.iob2" --train "$data/ner/wikigold/all.iob2" \
  --dev "$data/joint/English-EWT/dev.conllu" \
  --vectors "$data/vectors/glove.6B.50d.top100k.f16.npy.xz" \
  --map person=PER --map location=LOC --map corporation=ORG --map group=ORG \
  --map creative-work= --map product= --map MISC= \
  --licence "CC BY-SA 4.0" \
  --source "UD English-EWT 2.16, train split, CC BY-SA 4.0" \
  --source "Broad Twitter Corpus, train split, CC BY 4.0" \
  --source "WNUT 2017 emerging entities, train split, CC BY 4.0" \
  --source "Wikigold, CC BY 4.0" \
  --source "GloVe 6B, 50 dimensions, most frequent words, PDDL 1.0" \
  --out "$out"
