// What search needs of a parse state: copies that cost a sentence, not a document, and comparison.
#include <algorithm>

#include "transitions/parse_state.h"

namespace treelet {

void ParseState::copy_from(const ParseState& other, int32_t first) {
  const int32_t touched = std::min(n_words, std::max(next, other.next) + 1);  // words after it are as reset
  const auto copy = [&](auto member) {
    const auto& from = other.*member;
    if (first >= touched) return;
    std::copy(from.begin() + first, from.begin() + touched, (this->*member).begin() + first);
  };
  next = other.next;
  limit = other.limit;
  sentence = other.sentence;
  waiting = other.waiting;
  preset_limit = other.preset_limit;
  stack = other.stack;
  put_back = other.put_back;
  for (auto member : {&ParseState::on_stack, &ParseState::in_put_back, &ParseState::must_attach}) {
    copy(member);
  }
  for (auto member : {&ParseState::head, &ParseState::label, &ParseState::left1, &ParseState::right1,
                      &ParseState::sibling}) {
    copy(member);
  }
  copy(&ParseState::start);
}

bool ParseState::same_future(const ParseState& other) const {
  if (next != other.next || limit != other.limit) return false;
  if (stack != other.stack || put_back != other.put_back) return false;
  const auto same_children = [&](auto outermost, int32_t word) {
    int32_t a = (this->*outermost)[size_t(word)], b = (other.*outermost)[size_t(word)];
    while (a == b && a >= 0) {
      a = sibling[size_t(a)];
      b = other.sibling[size_t(b)];
    }
    return a == b;
  };
  const auto same_word = [&](int32_t word) {
    const auto w = size_t(word);
    return (head[w] < 0) == (other.head[w] < 0) && must_attach[w] == other.must_attach[w] &&
           same_children(&ParseState::left1, word) && same_children(&ParseState::right1, word);
  };
  return std::all_of(stack.begin(), stack.end(), same_word) &&
         std::all_of(put_back.begin(), put_back.end(), same_word) && (next >= n_words || same_word(next));
}

int32_t ParseState::first_difference(const ParseState& other, int32_t first, int32_t last) const {
  for (int32_t word = first; word < last; ++word) {
    const auto w = size_t(word);
    if (head[w] != other.head[w] || label[w] != other.label[w] || start[w] != other.start[w]) return word;
  }
  return last;
}

}  // namespace treelet
