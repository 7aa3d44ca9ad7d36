// Pretrained vectors of words, found by the hash of their NORM; never updated in teaching.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/weights.h"

namespace treelet {

class StaticVectors {
 public:
  StaticVectors() = default;
  // From `vectors.keys` (words: hashes of norms), `vectors.table` (words, length) and `vectors.scale` (length), which
  // the numbers of a column are multiplied with. Throws Error(package) when they do not fit or a key stands twice.
  StaticVectors(const Weights& weights, int words, int length);

  int length() const { return length_; }
  // Vector of the word whose norm has this hash, into out (length); false, and zeros, when there is none.
  bool find(uint64_t norm, float* out) const;

 private:
  int length_ = 0;
  KeptBytes bytes_;                    // the table, if it is stored in bytes: widened a row at a time, when it is asked for
  std::vector<float> table_, scale_;   // the table, if it is not
  std::vector<uint64_t> keys_;
  std::vector<uint32_t> slots_;  // open addressing: word + 1, 0 = free
};

}  // namespace treelet
