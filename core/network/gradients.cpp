#include "network/gradients.h"

#include <algorithm>
#include <vector>

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

NamedPairs name_pairs(const int32_t* positions, size_t n_states, size_t n_features, size_t n_tokens) {
  NamedPairs found;
  found.begins.push_back(0);
  found.pairs.assign(n_states * n_features, -1);
  std::vector<int32_t> of_token(n_tokens);
  for (size_t f = 0; f < n_features; ++f) {
    std::fill(of_token.begin(), of_token.end(), -1);
    for (size_t s = 0; s < n_states; ++s) {
      const int32_t token = positions[s * n_features + f];
      if (token >= 0 && size_t(token) < n_tokens) of_token[size_t(token)] = 0;
    }
    for (size_t token = 0; token < n_tokens; ++token) {
      if (of_token[token] < 0) continue;
      of_token[token] = int32_t(found.tokens.size());
      found.tokens.push_back(int64_t(token));
    }
    for (size_t s = 0; s < n_states; ++s) {
      const int32_t token = positions[s * n_features + f];
      if (token >= 0 && size_t(token) < n_tokens) found.pairs[s * n_features + f] = of_token[size_t(token)];
    }
    found.begins.push_back(int64_t(found.tokens.size()));
  }
  return found;
}

}  // namespace treelet
