#include "annotators/lemmatizer.h"

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace treelet {

Lemmatizer::Lemmatizer(const std::vector<std::string>& trees, const Weights& weights, int width, int candidates,
                       Precision precision)
    : tagger_(trees, weights, "lemmatizer", width, precision), trees_(trees.begin(), trees.end()), candidates_(candidates) {
  if (candidates < 1)
    throw Error(ErrorKind::package, "settings: lemmatizer.candidates: found " + std::to_string(candidates) +
                                        ", expected at least 1");
  candidates_ = std::min(candidates, int(trees.size()));
}

void Lemmatizer::Form::read(std::string_view form) {
  lower.assign(form);
  is_decoded = false;
  unsigned char all = 0;
  for (char& c : lower) {
    all |= static_cast<unsigned char>(c);
    c = char(c + (c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0));
  }
  is_ascii = all < 0x80;
}

bool Lemmatizer::apply(const EditTree& tree, std::string_view text, Form& form, std::string& lemma) const {
  lemma.clear();
  if (form.is_ascii && tree.is_ascii()) return tree.apply(text, form.lower, lemma);
  if (!form.is_decoded) {
    form.characters = decode_text(text);
    form.lowered = lower_text(form.characters);
    form.is_decoded = true;
  }
  return tree.apply(form.characters, form.lowered, lemma);
}

void Lemmatizer::annotate(const TokenVectors& vectors, TaggerState& state, Doc& doc) const {
  Form form;
  std::string lemma;
  const int n_trees = int(trees_.size());
  tagger_.score(vectors, state, [&](size_t word, float* scores) {
    const std::string_view text = doc.word(word);
    form.read(text);
    for (int tried = 0; tried < candidates_; ++tried) {
      const int best = kernels().argmax(scores, n_trees);
      if (apply(trees_[size_t(best)], text, form, lemma) && !lemma.empty())
        return doc.lemma.set(word, doc.size(), lemma);
      scores[best] = -std::numeric_limits<float>::infinity();
    }
    doc.lemma.set(word, doc.size(), text);
  });
}

}  // namespace treelet
