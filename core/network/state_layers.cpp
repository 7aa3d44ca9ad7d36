#include "network/state_layers.h"

#include "network/byte_row.h"
#include "network/kernels.h"

namespace treelet {

void StateLayers::pack(Packed& packed, bool in_bytes) {
  const size_t wide = size_t(padded_actions()), units = size_t(hidden);
  packed.floats.resize(wide * (units + 2));
  float* const bias_row = packed.floats.data() + units * wide;
  for (size_t a = 0; a < size_t(n_actions); ++a) {
    for (size_t h = 0; h < units; ++h) packed.floats[h * wide + a] = upper_weight[a * units + h];
    bias_row[a] = upper_bias[a];
  }
  upper_transposed = packed.floats.data();
  if (!in_bytes || hidden > kMostByteInputs) return;
  packed.bytes.resize((units + 3) / 4 * wide * 4);
  packed.offset.assign(wide, 0);
  for (size_t a = 0; a < size_t(n_actions); ++a) {
    const ByteRow rounded(upper_weight + a * units, units);
    for (size_t h = 0; h < units; ++h) packed.bytes[(h / 4 * wide + a) * 4 + h % 4] = rounded.bytes[h];
    bias_row[wide + a] = rounded.step;
    packed.offset[a] = rounded.offset;
  }
  upper_bytes = packed.bytes.data();
  upper_offset = packed.offset.data();
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
  kernels().score({n_features, hidden, pieces, n_actions, bias, upper_transposed, upper_bias_padded, padded, upper_bytes,
                   upper_bias_padded + padded, upper_offset},
                  parts, scratch, scores);
}

}  // namespace treelet
