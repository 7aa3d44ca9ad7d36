// The two layers that score the actions of a transition system, given what each token contributes at each position.
//
// The lower layer is computed ahead for all tokens at once: rows (tokens, features · hidden · pieces). A state names one token
// a feature; its hidden vector is the maximum over pieces of bias + the sum of its tokens' rows, and the upper layer turns that
// into one score an action.
#pragma once

#include <cstdint>
#include <vector>

#include "network/aligned.h"
#include "network/kernels.h"

namespace treelet {

constexpr int kMostFeatures = 64;  // more than there are named positions

// Shapes and borrowed arrays, row-major: whoever makes one keeps them alive.
struct StateLayers {
  int n_features = 0, hidden = 0, pieces = 0, n_actions = 0;
  const float* padding = nullptr;       // (features, pieces · hidden): a feature without a token
  const float* bias = nullptr;          // (pieces · hidden), piece-major: piece 0 of all hidden units, then piece 1, …
  const float* upper_weight = nullptr;  // (actions, hidden)
  const float* upper_bias = nullptr;    // (actions)
  // Set by pack(): (hidden, padded actions), then the bias, and in bytes the steps (padded actions each).
  const float* upper_transposed = nullptr;
  const int8_t* upper_bytes = nullptr;  // set by pack() in bytes: ScoreView
  const int32_t* upper_offset = nullptr;

  int row_size() const { return n_features * hidden * pieces; }
  int padded_actions() const { return (n_actions + kRowAlign - 1) / kRowAlign * kRowAlign; }

  // The upper layer as the kernels read it.
  struct Packed {
    AlignedFloats floats;
    AlignedBytes bytes;
    std::vector<int32_t> offset;
  };
  // Lays the upper layer out for the kernels: before score(). `packed` keeps the numbers and must live as long as this.
  void pack(Packed& packed, bool in_bytes = false);

  // rows: (tokens, row_size()); tokens: n_features (at most kMostFeatures) indices into rows, negative = padding; scratch:
  // (pieces · hidden); scores: (padded_actions()), zeros past n_actions.
  void score(const float* rows, const int32_t* tokens, float* scratch, float* scores) const;
};

}  // namespace treelet
