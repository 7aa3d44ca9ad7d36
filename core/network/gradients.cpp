#include "network/gradients.h"

#include <algorithm>

namespace treelet {

void maxout_forward(const float* x, size_t n, size_t width, int pieces, float* best, int32_t* which) {
  for (size_t r = 0; r < n; ++r, x += width * size_t(pieces), best += width, which += width) {
    std::copy_n(x, width, best);
    std::fill_n(which, width, int32_t(0));
    for (int p = 1; p < pieces; ++p) {
      const float* piece = x + size_t(p) * width;
      for (size_t i = 0; i < width; ++i) {
        const bool better = piece[i] > best[i];
        best[i] = better ? piece[i] : best[i];
        which[i] = better ? p : which[i];
      }
    }
  }
}

void maxout_backward(const float* gradient, const int32_t* which, size_t n, size_t width, int pieces, float* out) {
  for (size_t r = 0; r < n; ++r, gradient += width, which += width)
    for (int p = 0; p < pieces; ++p, out += width)
      for (size_t i = 0; i < width; ++i) out[i] = which[i] == p ? gradient[i] : 0.0f;
}

void sum_rows_forward(const NamedRows& named, const float* rows, const float* padding, float* out) {
  const size_t wide = named.wide;
  const int32_t* position = named.positions;
  for (size_t s = 0; s < named.n_states; ++s, out += wide) {
    std::fill_n(out, wide, 0.0f);
    for (size_t f = 0; f < named.n_features; ++f, ++position) {
      const bool there = *position >= 0 && size_t(*position) < named.n_tokens;
      const float* row = there ? rows + (size_t(*position) * named.n_features + f) * wide : padding + f * wide;
      for (size_t i = 0; i < wide; ++i) out[i] += row[i];
    }
  }
}

void sum_rows_backward(const NamedRows& named, const float* gradient, float* rows, float* padding) {
  const size_t wide = named.wide;
  const int32_t* position = named.positions;
  for (size_t s = 0; s < named.n_states; ++s, gradient += wide)
    for (size_t f = 0; f < named.n_features; ++f, ++position) {
      const bool there = *position >= 0 && size_t(*position) < named.n_tokens;
      float* row = there ? rows + (size_t(*position) * named.n_features + f) * wide : padding + f * wide;
      for (size_t i = 0; i < wide; ++i) row[i] += gradient[i];
    }
}

}  // namespace treelet
