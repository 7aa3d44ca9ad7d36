#include "encoder/hash_table.h"

#include <algorithm>

#include "network/layers.h"

namespace treelet {

HashTable::HashTable(const Weights& weights, const std::string& name, int rows, int width)
    : width_(width), padded_(size_t(padded_width(width))) {
  const Weight& stored = weights.stored(name, {rows, width});
  const size_t length = size_t(width);
  if (stored.steps) {
    bytes_ = stored.kept_bytes();
    steps_.assign(stored.steps, stored.steps + rows);
    return;
  }
  const Floats values = weights.get(name, {rows, width});
  floats_.resize(size_t(rows) * padded_);
  for (size_t r = 0; r < size_t(rows); ++r) std::copy_n(values.data() + r * length, length, floats_.data() + r * padded_);
}

void HashTable::sum_of_four(const FeatureTables::Rows& rows, Scratch& scratch, float* out) const {
  if (steps_.empty()) {
    kernels().sum_of_four(floats_.data(), rows.data(), int(padded_), out);
    return;
  }
  const size_t length = size_t(width_);
  for (size_t i = 0; i < rows.size(); ++i) {
    const float step = steps_[rows[i]];
    const int8_t* const from = reinterpret_cast<const int8_t*>(bytes_.bytes.data()) + size_t(rows[i]) * length;
    float* const to = scratch.rows + i * padded_;
    for (size_t k = 0; k < length; ++k) to[k] = float(from[k]) * step;
    std::fill(to + length, to + padded_, 0.0f);
  }
  constexpr uint32_t kFour[kFeatureHashes] = {0, 1, 2, 3};
  kernels().sum_of_four(scratch.rows, kFour, int(padded_), out);
}

}  // namespace treelet
