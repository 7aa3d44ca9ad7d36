#include "network/state_layers.h"

#include <algorithm>

#include "network/kernels.h"

namespace treelet {

namespace {

constexpr int kMostFeatures = 64;  // more than there are named positions

int padded_actions(int n_actions) { return (n_actions + kRowAlign - 1) / kRowAlign * kRowAlign; }

}  // namespace

void StateLayers::pack(AlignedFloats& packed) {
  const size_t wide = size_t(padded_actions(n_actions));
  packed.resize(wide * size_t(hidden + 1));
  for (size_t a = 0; a < size_t(n_actions); ++a) {
    for (size_t h = 0; h < size_t(hidden); ++h) packed[h * wide + a] = upper_weight[a * size_t(hidden) + h];
    packed[size_t(hidden) * wide + a] = upper_bias[a];
  }
  upper_transposed = packed.data();
}

void StateLayers::score(const float* rows, const int32_t* tokens, float* scratch, float* scores) const {
  const int wide = hidden * pieces;
  if (upper_transposed && n_features <= kMostFeatures) {
    const float* parts[kMostFeatures];
    for (int f = 0; f < n_features; ++f)
      parts[f] = tokens[f] < 0 ? padding + f * wide : rows + int64_t(tokens[f]) * row_size() + f * wide;
    const int padded = padded_actions(n_actions);
    const float* upper_bias_padded = upper_transposed + size_t(hidden) * size_t(padded);
    kernels().score({n_features, hidden, pieces, n_actions, bias, upper_transposed, upper_bias_padded, padded}, parts,
                    scratch, scores);
    return;
  }
  float* sum = scratch;
  float* top = scratch + wide;
  std::copy(bias, bias + wide, sum);
  for (int f = 0; f < n_features; ++f) {
    const float* row = tokens[f] < 0 ? padding + f * wide : rows + int64_t(tokens[f]) * row_size() + f * wide;
    for (int i = 0; i < wide; ++i) sum[i] += row[i];
  }
  for (int h = 0; h < hidden; ++h) {
    top[h] = sum[h];
    for (int p = 1; p < pieces; ++p) top[h] = std::max(top[h], sum[p * hidden + h]);
  }
  for (int a = 0; a < n_actions; ++a) {
    const float* weight = upper_weight + int64_t(a) * hidden;
    float score = upper_bias[a];
    for (int h = 0; h < hidden; ++h) score += weight[h] * top[h];
    scores[a] = score;
  }
}

}  // namespace treelet
