// Numbers kept for every word type met so far: form in, row number out; bounded by whoever asks for room first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "network/aligned.h"

namespace treelet {

class TypeCache {
 public:
  // `row_size`: floats kept for a type.
  explicit TypeCache(size_t row_size) : row_size_(row_size) {}

  size_t size() const { return entries_.size(); }
  size_t form_bytes() const { return forms_.size(); }
  // Forgets everything and makes room for `most` types.
  void clear(size_t most);
  // Forgets all but `keep` types at most, of those met more than once lately; rows are renumbered.
  void shrink(size_t keep);
  // Row of a form; a new form is added (if size() < most) and `added` set. Forms stay valid until clear.
  uint32_t find_or_add(std::string_view form, bool& added);
  std::string_view form(uint32_t row) const {
    return std::string_view(forms_).substr(entries_[row].begin, entries_[row].length);
  }
  float* row(uint32_t row) { return values_.data() + size_t(row) * row_size_; }

 private:
  struct Entry {
    uint64_t hash;
    size_t begin, length;
    uint32_t uses;
  };
  void index();

  size_t row_size_;
  std::string forms_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;  // open addressing: row + 1, 0 = free; twice as many as types or more
  AlignedFloats values_;
};

}  // namespace treelet
