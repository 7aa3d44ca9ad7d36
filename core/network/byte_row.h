// A row of weights in bytes: whole steps of its largest magnitude / 127.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace treelet {

struct ByteRow {
  std::vector<int8_t> bytes;
  float step = 0;
  int32_t offset = 0;  // −128 · their sum, as kernels take it

  ByteRow(const float* row, size_t n) : bytes(n) {
    float most = 0;
    for (size_t k = 0; k < n; ++k) most = std::max(most, std::abs(row[k]));
    if (most < 1e-30f) return;  // zeros, as near as makes no difference
    step = most / 127;
    for (size_t k = 0; k < n; ++k) {
      bytes[k] = int8_t(std::lrint(row[k] * (127 / most)));
      offset -= 128 * bytes[k];
    }
  }
};

}  // namespace treelet
