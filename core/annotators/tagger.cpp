#include "annotators/tagger.h"

#include "base/error.h"

namespace treelet {

Tagger::Tagger(const std::vector<std::string>& labels, const Weights& weights, const std::string& name, int width,
               Precision precision)
    : labels_(std::make_shared<LabelSet>(labels)), width_(width) {
  if (labels.empty()) throw Error(ErrorKind::package, "labels: " + name + ": expected at least one label");
  if (size_t(labels_->size()) != labels.size())
    throw Error(ErrorKind::package, "labels: " + name + ": a label stands twice");
  layer_ = Affine(weights, name, int(labels.size()), width, precision);
}

void Tagger::annotate(const TokenVectors& vectors, TaggerState& state, LabelColumn& column) const {
  const int n_labels = labels_->size();
  score(vectors, state, [&](size_t word, float* scores) { column.ids[word] = kernels().argmax(scores, n_labels); });
}

}  // namespace treelet
