#include "network/state_network.h"

#include "base/error.h"

namespace treelet {

StateNetwork::StateNetwork(const Weights& weights, const std::string& name, int width, const StateShape& shape,
                           Precision precision)
    : width_(width) {
  constexpr int kMost = 1 << 20;
  if (shape.n_features < 1 || shape.hidden < 1 || shape.pieces < 1 || shape.n_actions < 1 || shape.hidden > kMost ||
      shape.pieces > kMost / shape.hidden || shape.n_features > kMost / (shape.hidden * shape.pieces))
    throw Error(ErrorKind::package, "settings: " + name + ": features " + std::to_string(shape.n_features) + ", hidden " +
                                        std::to_string(shape.hidden) + ", pieces " + std::to_string(shape.pieces) +
                                        ", actions " + std::to_string(shape.n_actions) + ": expected at least 1 of each "
                                        "and 2^20 numbers a token at most");
  layers_.n_features = shape.n_features;
  layers_.hidden = shape.hidden;
  layers_.pieces = shape.pieces;
  layers_.n_actions = shape.n_actions;
  const int wide = shape.hidden * shape.pieces;
  const float* lower = weights.get(name + ".lower", {layers_.row_size(), width}).data();
  lower_ = Affine({lower, nullptr, layers_.row_size(), width}, precision);
  padding_ = weights.get(name + ".padding", {shape.n_features, wide});
  bias_ = weights.get(name + ".bias", {wide});
  upper_weight_ = weights.get(name + ".upper.weight", {shape.n_actions, shape.hidden});
  upper_bias_ = weights.get(name + ".upper.bias", {shape.n_actions});
  layers_.padding = padding_.data();
  layers_.bias = bias_.data();
  layers_.upper_weight = upper_weight_.data();
  layers_.upper_bias = upper_bias_.data();
  layers_.pack(packed_upper_, precision == Precision::int8);
}

}  // namespace treelet
