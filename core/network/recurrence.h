// A recurrent layer: what stands anywhere to the left and to the right of a word, summed up by gates.
//
// Each direction keeps `units` numbers: h = f·h + (1 − f)·c, where candidate c and gate f = sigmoid(g) are affine in the
// word's vector alone, so that all products of a document can be made at once (Lei et al. 2018, section 3, without the
// term in the previous state). Then x ↦ x + LayerNorm(Maxout([x, h to the right, h to the left])).
#pragma once

#include <string>

#include "network/layers.h"

namespace treelet {

struct RecurrentShape {
  int width, units, pieces;

  int padded_units() const { return padded_width(units); }
  int stride() const { return padded_width(width) + 2 * padded_units(); }
};

class RecurrentLayer {
 public:
  // Scratch of one thread.
  struct State {
    AlignedFloats gates, carry;
  };

  // From `<name>.ahead.weight` (2·units, width) and `.bias`, candidates before gates, the same of `<name>.back`, and
  // `<name>.mix` (maxout of width + 2·units inputs).
  RecurrentLayer(const Weights& weights, const std::string& name, const RecurrentShape& shape, Precision precision);

  const RecurrentShape& shape() const { return shape_; }
  // rows: (n, stride), one document, each [x padded, room for both sums padded]; x is changed in place.
  void apply(float* rows, size_t n, State& state) const;

 private:
  static constexpr size_t kBlock = 64;  // words: their gates stay in the second cache

  Affine gates(const Weights& weights, const std::string& name) const;
  MaxoutNorm mix(const Weights& weights, const std::string& name) const;
  void sum_up(float* rows, size_t n, bool back, State& state) const;

  RecurrentShape shape_;
  Precision precision_;
  Affine ahead_, back_;
  MaxoutNorm mix_;
};

}  // namespace treelet
