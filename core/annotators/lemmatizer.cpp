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

void Lemmatizer::annotate(const TokenVectors& vectors, TaggerState& state, Doc& doc) const {
  TreeForm form;
  std::string lemma;
  const int n_trees = int(trees_.size());
  tagger_.score(vectors, state, [&](size_t word, float* scores) {
    const std::string_view text = doc.word(word);
    form.read(text);
    for (int tried = 0; tried < candidates_; ++tried) {
      const int best = kernels().argmax(scores, n_trees);
      if (trees_[size_t(best)].apply(form, lemma) && !lemma.empty())
        return doc.lemma.set(word, doc.size(), lemma);
      scores[best] = -std::numeric_limits<float>::infinity();
    }
    doc.lemma.set(word, doc.size(), text);
  });
}

}  // namespace treelet
