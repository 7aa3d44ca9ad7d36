// The network of a transition system, weights included: token vectors to lower-layer rows, and the layers that score states.
#pragma once

#include <string>
#include <vector>

#include "network/layers.h"
#include "network/state_layers.h"

namespace treelet {

struct StateShape {
  int n_features, hidden, pieces, n_actions;
};

class StateNetwork {
 public:
  // From `<name>.lower`, `.padding`, `.bias`, `.upper.weight` and `.upper.bias`. Throws Error(package) when one does not fit.
  StateNetwork(const Weights& weights, const std::string& name, int width, const StateShape& shape,
               Precision precision = Precision::fp32);
  StateNetwork(const StateNetwork&) = delete;  // layers_ points into the object
  StateNetwork& operator=(const StateNetwork&) = delete;

  const StateLayers& layers() const { return layers_; }
  // What `n` tokens contribute at each position: out (n, layers().row_size()).
  void lower(const float* vectors, size_t stride, size_t n, float* out) const {
    lower_.apply(plain_rows(vectors, stride, width_), n, out, size_t(layers_.row_size()));
  }

 private:
  int width_;
  Affine lower_;
  std::vector<float> padding_, bias_, upper_weight_, upper_bias_;
  StateLayers::Packed packed_upper_;
  StateLayers layers_;
};

}  // namespace treelet
