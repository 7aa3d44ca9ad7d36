// Token vectors and forms in, lemmas out: the best-scored edit tree that fits the form, else the form.
#pragma once

#include <string>
#include <vector>

#include "annotators/edit_tree.h"
#include "annotators/tagger.h"
#include "doc/doc.h"

namespace treelet {

class Lemmatizer {
 public:
  // From `lemmatizer.weight` (trees, width) and `lemmatizer.bias`; `candidates` trees are tried before the form is kept.
  Lemmatizer(const std::vector<std::string>& trees, const Weights& weights, int width, int candidates,
             Precision precision = Precision::fp32);

  const std::vector<std::string>& trees() const { return tagger_.labels()->names(); }
  // Sets the lemmas of some words.
  void annotate(const TokenVectors& vectors, TaggerState& state, Doc& doc) const;

 private:
  Tagger tagger_;
  std::vector<EditTree> trees_;
  int candidates_;
};

}  // namespace treelet
