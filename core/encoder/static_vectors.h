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
  // the numbers of a column are multiplied with. With `rows`, words share so many: the table is (rows, length), and the
  // lowest 16 bits of a key are the number of its row. Throws Error(package) when they do not fit or a key stands twice.
  StaticVectors(const Weights& weights, int words, int rows, int length);

  int length() const { return length_; }
  // Vector of the word whose norm has this hash, into out (length); false, and zeros, when there is none.
  bool find(uint64_t norm, float* out) const;

 private:
  uint64_t row_of(size_t word) const { return named_ == ~uint64_t(0) ? word : keys_[word] & ~named_; }

  int length_ = 0;
  uint64_t named_ = ~uint64_t(0);  // the bits of a key that are of the hash
  KeptBytes bytes_;                    // the table, if it is stored in bytes: widened a row at a time, when it is asked for
  std::vector<float> table_, scale_;   // the table, if it is not
  std::vector<uint64_t> keys_;
  std::vector<uint32_t> slots_;  // open addressing: word + 1, 0 = free
};

}  // namespace treelet
