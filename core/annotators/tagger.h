// Token vectors in, one label a word out: an affine layer and its largest output.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "doc/columns.h"
#include "network/layers.h"

namespace treelet {

// Token vectors of n words of a document, from word `first` on: (n, stride), borrowed.
struct TokenVectors {
  const float* data;
  size_t stride, first, n;
};

// Scratch of one thread, shared by all taggers.
struct TaggerState {
  AlignedFloats scores;
};

class Tagger {
 public:
  // From `<name>.weight` (labels, width) and `<name>.bias`. Throws Error(package) when there are no labels.
  Tagger(const std::vector<std::string>& labels, const Weights& weights, const std::string& name, int width,
         Precision precision = Precision::fp32);

  const std::shared_ptr<const LabelSet>& labels() const { return labels_; }
  // Calls visit(word of the document, scores of its labels; may be overwritten) for each word in order.
  template <class Visit>
  void score(const TokenVectors& vectors, TaggerState& state, Visit visit) const;
  // Makes the column, without labels, for a document of `n_words`.
  void start(size_t n_words, LabelColumn& column) const { column.assign(labels_, std::vector<Label>(n_words, kMissing)); }
  // Writes the labels of some words into a column that was started.
  void annotate(const TokenVectors& vectors, TaggerState& state, LabelColumn& column) const;

 private:
  static constexpr size_t kBlock = 64;  // words: their scores stay in the first cache

  std::shared_ptr<const LabelSet> labels_;
  int width_;
  Affine layer_;
};

template <class Visit>
void Tagger::score(const TokenVectors& vectors, TaggerState& state, Visit visit) const {
  const size_t n_labels = size_t(layer_.outputs());
  state.scores.grow(kBlock * n_labels);
  for (size_t begin = 0; begin < vectors.n; begin += kBlock) {
    const size_t n = std::min(kBlock, vectors.n - begin);
    layer_.apply(plain_rows(vectors.data + begin * vectors.stride, vectors.stride, width_), n, state.scores.data(),
                 n_labels);
    for (size_t i = 0; i < n; ++i) visit(vectors.first + begin + i, state.scores.data() + i * n_labels);
  }
}

}  // namespace treelet
