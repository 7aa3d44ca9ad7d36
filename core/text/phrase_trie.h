// Strings by their code points: finds the longest that starts at a place. Read-only once filled.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace treelet {

class PhraseTrie {
 public:
  PhraseTrie() : nodes_(1) {}

  // A later value for the same string replaces the earlier.
  void add(std::string_view phrase, int32_t value);
  bool empty() const { return nodes_.size() == 1; }

  // Calls found(length, value) for every phrase that is a prefix of [text, text + size), the shortest first.
  template <class Found>
  void match(const char32_t* text, size_t size, Found found) const {
    int32_t node = 0;
    for (size_t i = 0; i < size; ++i) {
      node = child(node, text[i]);
      if (node < 0) return;
      if (nodes_[size_t(node)].value >= 0) found(i + 1, nodes_[size_t(node)].value);
    }
  }

 private:
  struct Node {
    char32_t label = 0;
    int32_t first_child = -1, next_sibling = -1;
    int32_t value = -1;
  };
  int32_t child(int32_t node, char32_t label) const {
    int32_t at = nodes_[size_t(node)].first_child;
    while (at >= 0 && nodes_[size_t(at)].label != label) at = nodes_[size_t(at)].next_sibling;
    return at;
  }
  std::vector<Node> nodes_;
};

}  // namespace treelet
