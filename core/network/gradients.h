// Maxout with its gradient, and what the states of a batch name: for teaching only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace treelet {

// x (n, pieces · width), piece-major: best (n, width), and which piece was the first to reach it (n, width).
void maxout_forward(const float* x, size_t n, size_t width, int pieces, float* best, int32_t* which);
// The gradient of best (n, width) goes to the piece that reached it: out (n, pieces · width).
void maxout_backward(const float* gradient, const int32_t* which, size_t n, size_t width, int pieces, float* out);

// The tokens that the states of a batch name at each feature, once each: what is left of (tokens, features) without the
// pairs that no state names.
struct NamedPairs {
  std::vector<int64_t> tokens;   // of each pair, feature by feature, ascending
  std::vector<int64_t> begins;   // (features + 1) the first pair of each feature
  std::vector<int32_t> pairs;    // (states, features) the pair that a state names, −1 for none
};
NamedPairs name_pairs(const int32_t* positions, size_t n_states, size_t n_features, size_t n_tokens);

}  // namespace treelet
