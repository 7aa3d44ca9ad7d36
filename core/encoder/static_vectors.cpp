#include "encoder/static_vectors.h"

#include <algorithm>
#include <bit>
#include <string>

#include "base/error.h"
#include "base/hash.h"

namespace treelet {

namespace {

constexpr uint64_t kRowBits = 0xffff;

}  // namespace

StaticVectors::StaticVectors(const Weights& weights, int words, int rows, int length) : length_(length) {
  const int stored = rows ? rows : words;
  const Weight& table = weights.stored("vectors.table", {stored, length});
  if (table.type == WeightType::i8) bytes_ = table.kept_bytes();
  else table_ = weights.get("vectors.table", {stored, length});
  if (rows) named_ = ~kRowBits;
  scale_ = weights.get("vectors.scale", {length});
  keys_ = weights.keys("vectors.keys", size_t(words));
  slots_.assign(std::bit_ceil(2 * keys_.size() + 2), 0);
  for (size_t word = 0; word < keys_.size(); ++word) {
    if (row_of(word) >= uint64_t(stored))
      throw Error(ErrorKind::package, "weights: vectors.keys: entry " + std::to_string(word) + ": row " +
                                          std::to_string(row_of(word)) + " of " + std::to_string(stored));
    size_t slot = size_t(mix_bits(keys_[word] & named_)) & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1))
      if (((keys_[slots_[slot] - 1] ^ keys_[word]) & named_) == 0)
        throw Error(ErrorKind::package, "weights: vectors.keys: entry " + std::to_string(word) + " stands twice");
    slots_[slot] = uint32_t(word + 1);
  }
}

bool StaticVectors::find(uint64_t norm, float* out) const {
  for (size_t slot = size_t(mix_bits(norm & named_)) & (slots_.size() - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const size_t word = slots_[slot] - 1;
    if ((keys_[word] ^ norm) & named_) continue;
    const size_t length = size_t(length_), row = size_t(row_of(word));
    if (!bytes_.owner) std::copy_n(table_.data() + row * length, length, out);
    else widen(WeightType::i8, bytes_.bytes.data() + row * length, length, out);
    for (size_t i = 0; i < length; ++i) out[i] *= scale_[i];
    return true;
  }
  std::fill_n(out, length_, 0.0f);
  return false;
}

}  // namespace treelet
