#!/usr/bin/env bash
# Teaches en_core_web_sm, the model that ships:  recipes/en_core_web_sm.sh DATA [OUT]
#
# DATA holds ud/English-EWT (Universal Dependencies 2.16, CC BY-SA 4.0), ner/BTC, ner/WNUT17 and ner/wikigold (CC BY 4.0),
# ner/CrossNER_* (Wikipedia text, CC BY-SA), vectors/ (GloVe 6B, 50 dimensions, PDDL) and joint/English-EWT (Universal NER,
# dev only: it decides which pass is kept). Entity types become PER, ORG and LOC; the others are taken as outside.
set -euo pipefail
data=${1:?usage: recipes/en_core_web_sm.sh DATA [OUT]}
out=${2:-src/treelet/models/en_core_web_sm}

crossner=()
for domain in ai literature music politics science; do
  crossner+=(--train "$data/ner/CrossNER_$domain/train.iob2")
done

maps=()
for type in person politician writer musicalartist scientist researcher; do maps+=(--map "$type=PER"); done
for type in corporation group organisation university band politicalparty; do maps+=(--map "$type=ORG"); done
for type in location country; do maps+=(--map "$type=LOC"); done
for type in MISC misc product creative-work academicjournal album algorithm astronomicalobject award book \
  chemicalcompound chemicalelement conference discipline election enzyme event field literarygenre magazine metrics \
  musicalinstrument musicgenre poem programlang protein song task theory; do
  maps+=(--map "$type=")
done

treelet train --lang en --name en_core_web_sm --settings "$(dirname "$0")/en_core_web_sm.toml" \
  --train "$data/ud/English-EWT/train.conllu" \
  --train "$data/ner/BTC/train.iob2" --train "$data/ner/WNUT17/train.iob2" --train "$data/ner/wikigold/all.iob2" \
  "${crossner[@]}" "${maps[@]}" \
  --dev "$data/joint/English-EWT/dev.conllu" \
  --vectors "$data/vectors/glove.6B.50d.top100k.f16.npy.xz" \
  --licence "CC BY-SA 4.0" \
  --source "UD English-EWT 2.16, train split, CC BY-SA 4.0" \
  --source "Broad Twitter Corpus, train split, CC BY 4.0" \
  --source "WNUT 2017 emerging entities, train split, CC BY 4.0" \
  --source "Wikigold, CC BY 4.0" \
  --source "CrossNER, train splits, text from Wikipedia, CC BY-SA 3.0, annotations MIT" \
  --source "GloVe 6B, 50 dimensions, 22,000 most frequent words, PDDL 1.0" \
  --out "$out"
