#include "encoder/static_vectors.h"

#include <algorithm>
#include <bit>
#include <string>

#include "base/error.h"
#include "base/hash.h"

namespace treelet {

StaticVectors::StaticVectors(const Weights& weights, int words, int length) : length_(length) {
  const Weight& table = weights.stored("vectors.table", {words, length});
  if (table.type == WeightType::i8) bytes_ = table.kept_bytes();
  else table_ = weights.get("vectors.table", {words, length});
  scale_ = weights.get("vectors.scale", {length});
  keys_ = weights.keys("vectors.keys", size_t(words));
  slots_.assign(std::bit_ceil(2 * keys_.size() + 2), 0);
  for (size_t word = 0; word < keys_.size(); ++word) {
    size_t slot = size_t(mix_bits(keys_[word])) & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1))
      if (keys_[slots_[slot] - 1] == keys_[word])
        throw Error(ErrorKind::package, "weights: vectors.keys: entry " + std::to_string(word) + " stands twice");
    slots_[slot] = uint32_t(word + 1);
  }
}

bool StaticVectors::find(uint64_t norm, float* out) const {
  for (size_t slot = size_t(mix_bits(norm)) & (slots_.size() - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const size_t word = slots_[slot] - 1;
    if (keys_[word] != norm) continue;
    const size_t length = size_t(length_);
    if (!bytes_.owner) std::copy_n(table_.data() + word * length, length, out);
    else widen(WeightType::i8, bytes_.bytes.data() + word * length, length, out);
    for (size_t i = 0; i < length; ++i) out[i] *= scale_[i];
    return true;
  }
  std::fill_n(out, length_, 0.0f);
  return false;
}

}  // namespace treelet
