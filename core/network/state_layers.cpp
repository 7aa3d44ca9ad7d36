#include "network/state_layers.h"

#include <algorithm>

namespace treelet {

void StateLayers::score(const float* rows, const int32_t* tokens, float* scratch, float* scores) const {
  const int wide = hidden * pieces;
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
