// How chunks were split before: a bounded table from a chunk and what follows it to its pieces. Forgets all
// when full.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "text/chunk_splitter.h"

namespace treelet {

class ChunkCache {
 public:
  static constexpr size_t kMaxChunk = 64;  // bytes; longer chunks are rarely seen twice

  // `capacity`: chunks held at most; 0 holds none.
  explicit ChunkCache(size_t capacity) : capacity_(capacity) {}

  struct Entry {
    uint64_t hash = 0;  // 0: free
    uint32_t key = 0, key_size = 0;
    uint32_t first = 0, count = 0;  // its pieces
  };

  static uint64_t hash_of(std::string_view chunk, Following following) {
    return hash_bytes(chunk, 0x9e3779b97f4a7c15ULL + uint64_t(following)) | 1;
  }

  const Entry* find(uint64_t hash, std::string_view chunk) const {
    if (table_.empty()) return nullptr;
    for (size_t slot = hash >> shift_;; slot = (slot + 1) & (table_.size() - 1)) {
      const Entry& entry = table_[slot];
      if (entry.hash == 0) return nullptr;
      if (entry.hash == hash && std::string_view(keys_).substr(entry.key, entry.key_size) == chunk)
        return &entry;
    }
  }

  // Takes pieces [first, …) and forms of `split`, which hold this chunk alone.
  void add(uint64_t hash, std::string_view chunk, const Pieces& split) {
    if (capacity_ == 0) return;
    if (size_ >= capacity_) clear();
    if (2 * (size_ + 1) > table_.size()) grow();
    const auto n_forms = int32_t(pieces_.forms.size());
    place({hash, uint32_t(keys_.size()), uint32_t(chunk.size()), uint32_t(pieces_.pieces.size()),
           uint32_t(split.pieces.size())});
    keys_ += chunk;
    for (Piece piece : split.pieces) {
      if (piece.form >= 0) piece.form += n_forms;
      pieces_.pieces.push_back(piece);
    }
    pieces_.forms.insert(pieces_.forms.end(), split.forms.begin(), split.forms.end());
    ++size_;
  }

  const Piece* pieces(const Entry& entry) const { return pieces_.pieces.data() + entry.first; }
  const std::vector<std::string>& forms() const { return pieces_.forms; }
  size_t size() const { return size_; }

 private:
  void place(const Entry& entry) {
    size_t slot = entry.hash >> shift_;
    while (table_[slot].hash != 0) slot = (slot + 1) & (table_.size() - 1);
    table_[slot] = entry;
  }
  void grow() {
    const std::vector<Entry> old = std::move(table_);
    table_.assign(std::max<size_t>(256, 2 * old.size()), Entry());
    shift_ = 64;
    for (size_t slots = table_.size(); slots > 1; slots /= 2) --shift_;
    for (const Entry& entry : old)
      if (entry.hash != 0) place(entry);
  }
  void clear() {
    std::fill(table_.begin(), table_.end(), Entry());
    keys_.clear();
    pieces_.clear();
    size_ = 0;
  }

  size_t capacity_, size_ = 0;
  int shift_ = 64;
  std::vector<Entry> table_;  // a power of two, at most half full
  std::string keys_;
  Pieces pieces_;
};

}  // namespace treelet
