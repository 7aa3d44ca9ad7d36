// Strings by their code points: finds those that start at a place. Read-only once filled.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"

namespace treelet {

class PhraseTrie {
 public:
  PhraseTrie() : values_(1, -1) {}

  // A later value for the same string replaces the earlier.
  void add(std::string_view phrase, int32_t value);
  bool empty() const { return children_.empty(); }

  // Calls found(length, value) for every phrase that is a prefix of [text, text + size), the shortest first.
  template <class Found>
  void match(const char32_t* text, size_t size, Found found) const {
    int32_t node = 0;
    for (size_t i = 0; i < size; ++i) {
      node = child(node, text[i]);
      if (node < 0) return;
      if (values_[size_t(node)] >= 0) found(i + 1, values_[size_t(node)]);
    }
  }

 private:
  struct Mixed {
    size_t operator()(uint64_t edge) const { return size_t(mix_bits(edge)); }
  };
  static uint64_t edge(int32_t node, char32_t label) { return uint64_t(uint32_t(node)) << 32 | label; }
  int32_t child(int32_t node, char32_t label) const {
    const auto next = children_.find(edge(node, label));
    return next == children_.end() ? -1 : next->second;
  }
  // Edges in a hash table, not in a list a node: a file may hold a node of a million children.
  std::unordered_map<uint64_t, int32_t, Mixed> children_;
  std::vector<int32_t> values_;  // of each node, -1 = no phrase ends there; node 0 is the root
};

}  // namespace treelet
