// Maxout, the scans of recurrent layers and the sums of state rows with their gradients: for teaching only, where PyTorch's general pieces cost more than
// the products between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace treelet {

// x (n, pieces · width), piece-major: best (n, width), and which piece was the first to reach it (n, width).
void maxout_forward(const float* x, size_t n, size_t width, int pieces, float* best, int32_t* which);
// The gradient of best (n, width) goes to the piece that reached it: out (n, pieces · width).
void maxout_backward(const float* gradient, const int32_t* which, size_t n, size_t width, int pieces, float* out);

// A scan over the words of a batch (recurrence.h). gates: (n, 2 · units), candidates before gates; first: (n), 1 where a
// document starts. Into forget, sums: (n, units), the sigmoid of the gates and the sums.
struct ScanView {
  const float* gates;
  const uint8_t* first;
  size_t n, units;
  bool back;
};
void scan_forward(const ScanView& scan, float* forget, float* sums);
// gradient: of the sums; out: (n, 2 · units).
void scan_backward(const ScanView& scan, const float* forget, const float* sums, const float* gradient, float* out);

// What the states of a batch name: positions (states, features) are rows of (tokens, features, wide), or none when they are
// not below n_tokens.
struct NamedRows {
  const int32_t* positions;
  size_t n_states, n_features, n_tokens, wide;
};

// out (states, wide): for each state the sum of its features' rows; padding (features, wide) where there is none.
void sum_rows_forward(const NamedRows& named, const float* rows, const float* padding, float* out);
// Adds the gradient of every sum to the rows and paddings it was made of; both must hold numbers, such as zeros.
void sum_rows_backward(const NamedRows& named, const float* gradient, float* rows, float* padding);

// The tokens that the states of a batch name at each feature, once each: what is left of (tokens, features) without the
// pairs that no state names.
struct NamedPairs {
  std::vector<int64_t> tokens;   // of each pair, feature by feature, ascending
  std::vector<int64_t> begins;   // (features + 1) the first pair of each feature
  std::vector<int32_t> pairs;    // (states, features) the pair that a state names, −1 for none
};
NamedPairs name_pairs(const int32_t* positions, size_t n_states, size_t n_features, size_t n_tokens);

}  // namespace treelet
