#include "text/phrase_trie.h"

#include "base/utf8.h"

namespace treelet {

void PhraseTrie::add(std::string_view phrase, int32_t value) {
  int32_t node = 0;
  for (size_t i = 0; i < phrase.size();) {
    const CodePoint c = decode_utf8(phrase, i);
    i += size_t(c.bytes);
    int32_t next = child(node, c.value);
    if (next < 0) {
      next = int32_t(values_.size());
      values_.push_back(-1);
      children_.emplace(edge(node, c.value), next);
    }
    node = next;
  }
  if (node > 0) values_[size_t(node)] = value;
}

}  // namespace treelet
