#include "network/state_layers.h"

#include "network/kernels.h"

namespace treelet {

void StateLayers::pack(AlignedFloats& packed) {
  const size_t wide = size_t(padded_actions());
  packed.resize(wide * size_t(hidden + 1));
  for (size_t a = 0; a < size_t(n_actions); ++a) {
    for (size_t h = 0; h < size_t(hidden); ++h) packed[h * wide + a] = upper_weight[a * size_t(hidden) + h];
    packed[size_t(hidden) * wide + a] = upper_bias[a];
  }
  upper_transposed = packed.data();
}

void StateLayers::score(const float* rows, const int32_t* tokens, float* scratch, float* scores) const {
  const int wide = hidden * pieces;
  const int64_t size = row_size();
  const float* parts[kMostFeatures];
  for (int f = 0; f < n_features; ++f) {
    const float* from = tokens[f] < 0 ? padding : rows + tokens[f] * size;
    parts[f] = from + f * wide;
  }
  const int padded = padded_actions();
  const float* upper_bias_padded = upper_transposed + size_t(hidden) * size_t(padded);
  kernels().score({n_features, hidden, pieces, n_actions, bias, upper_transposed, upper_bias_padded, padded}, parts,
                  scratch, scores);
}

}  // namespace treelet
