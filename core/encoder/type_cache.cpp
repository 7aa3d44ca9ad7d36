#include "encoder/type_cache.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace treelet {

namespace {
constexpr size_t kKeptFormBytes = size_t(1) << 20;  // a document with a word of megabytes must not hold them for ever
}

void TypeCache::clear(size_t most) {
  entries_.clear();
  entries_.reserve(most);
  forms_.clear();
  if (forms_.capacity() > kKeptFormBytes) forms_.shrink_to_fit();
  slots_.assign(std::bit_ceil(most * 2 + 2), 0);
  values_.grow(most * row_size_);
}

void TypeCache::shrink(size_t keep) {
  std::string forms;
  size_t kept = 0;
  for (size_t row = 0; row < entries_.size() && kept < keep; ++row) {
    Entry entry = entries_[row];
    if (entry.uses < 2) continue;
    const size_t begin = forms.size();
    forms.append(forms_, entry.begin, entry.length);
    entry.begin = begin;
    entry.uses /= 2;
    if (kept != row) std::copy_n(values_.data() + row * row_size_, row_size_, values_.data() + kept * row_size_);
    entries_[kept++] = entry;
  }
  entries_.resize(kept);
  forms_ = std::move(forms);
  index();
}

void TypeCache::index() {
  std::fill(slots_.begin(), slots_.end(), 0);
  const size_t mask = slots_.size() - 1;
  for (size_t row = 0; row < entries_.size(); ++row) {
    size_t slot = size_t(entries_[row].hash) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = uint32_t(row + 1);
  }
}

uint32_t TypeCache::find_or_add(std::string_view form, bool& added) {
  const uint64_t hash = hash_bytes(form);
  const size_t mask = slots_.size() - 1;
  for (size_t slot = size_t(hash) & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) {
      entries_.push_back({hash, forms_.size(), form.size(), 1});
      forms_ += form;
      slots_[slot] = uint32_t(entries_.size());
      added = true;
      return slots_[slot] - 1;
    }
    const uint32_t row = slots_[slot] - 1;
    if (entries_[row].hash == hash && this->form(row) == form) {
      added = false;
      ++entries_[row].uses;
      return row;
    }
  }
}

}  // namespace treelet
