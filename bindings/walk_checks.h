// Checks of the columns that callers give to a walk: lists of numbers in, nothing or a TextError out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace treelet {

using Ints = std::vector<int32_t>;

[[noreturn]] inline void reject(const std::string& message) { throw Error(ErrorKind::text, message); }

inline void check_column(const Ints& values, size_t n, int32_t low, int32_t high, const char* name) {
  if (values.size() != n) {
    reject(std::string(name) + ": found " + std::to_string(values.size()) + " values, expected " +
           std::to_string(n));
  }
  for (size_t i = 0; i < n; ++i) {
    if (values[i] >= low && values[i] <= high) continue;
    reject(std::string(name) + "[" + std::to_string(i) + "]: found " + std::to_string(values[i]) +
           ", expected " + std::to_string(low) + " to " + std::to_string(high));
  }
}

inline void check_size(int64_t n_words) {
  if (n_words < 0 || n_words > INT32_MAX / 2)
    reject("n_words: found " + std::to_string(n_words) + ", expected 0 or more");
}

}  // namespace treelet
