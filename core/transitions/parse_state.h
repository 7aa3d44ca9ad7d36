// Where a transition parser stands in a run of words: stack, buffer, the arcs made and the sentences found so
// far.
//
// Words are numbered from 0. Words are read from left to right, a sentence at a time: `limit` is the first
// word past the sentence as far as it is known, and the buffer never shows words beyond it. All arrays are
// flat and kept between runs.
#pragma once

#include <cstdint>
#include <vector>

#include "doc/doc.h"

namespace treelet {

constexpr int32_t kNone = -1;  // no such word

struct ParseState {
  int32_t n_words = 0;
  int32_t next = 0;               // first word that was never in front of the parser
  int32_t limit = 0;              // one past the last word of the current sentence
  int32_t sentence = 0;           // its first word
  int32_t waiting = kNone;        // without repairs: lowest headless word of S above its bottom
  std::vector<int32_t> stack;     // top last
  std::vector<int32_t> put_back;  // words returned to the buffer, in front of `next`, first last
  std::vector<uint8_t> on_stack;  // per word
  std::vector<uint8_t> in_put_back;
  std::vector<uint8_t> must_attach;  // returned to the buffer and not changed since: a Shift would undo that
  std::vector<int32_t> head, label;  // kNone while a word has no head
  std::vector<int32_t> left1, right1;  // outermost child on each side
  std::vector<int32_t> sibling;        // next child of the same head on the same side, towards the head
  std::vector<SentStart> start;   // 1 where a sentence starts, -1 elsewhere, final for words before `limit`
  std::vector<SentStart> preset;  // 1 must start, -1 must not, 0 free

  // presets: n_words values, or nullptr when all are free. The first word always starts a sentence.
  void reset(int32_t n_words, const SentStart* presets);

  int32_t stack_word(size_t depth) const {
    return depth < stack.size() ? stack[stack.size() - 1 - depth] : kNone;
  }
  // Word at place 0 or 1 of the buffer, kNone past the sentence.
  int32_t buffer_word(size_t place) const {
    if (place < put_back.size()) return put_back[put_back.size() - 1 - place];
    const int32_t word = next + int32_t(place - put_back.size());
    return word < limit ? word : kNone;
  }
  size_t buffer_size() const { return put_back.size() + size_t(limit - next); }
  bool in_buffer(int32_t word) const { return in_put_back[size_t(word)] || (word >= next && word < limit); }
  bool is_final() const { return next == n_words && stack.empty() && put_back.empty(); }

  int32_t left_child(int32_t word, int rank) const { return child(left1, word, rank); }
  int32_t right_child(int32_t word, int rank) const { return child(right1, word, rank); }

  void push_buffer_front();  // B0 to the stack
  void pop();
  void return_to_buffer();                                               // S0 to the front of the buffer
  void attach(int32_t head_word, int32_t dependent, int32_t arc_label);  // replaces an earlier head of S0
  void end_sentence_after(int32_t word);
  void begin_next_sentence();  // once stack and buffer are empty; no effect at the end of the words

  // For search. Makes this a copy of another state of the same words and presets; words before `first` are
  // left alone.
  void copy_from(const ParseState& other, int32_t first);
  // Whether the same actions are allowed from here on and show the same features; arcs of words that are gone,
  // and labels, may differ.
  bool same_future(const ParseState& other) const;
  // First word of first … last - 1 with another head, label or start, else last.
  int32_t first_difference(const ParseState& other, int32_t first, int32_t last) const;

 private:
  int32_t preset_limit = 0;
  int32_t child(const std::vector<int32_t>& outermost, int32_t word, int rank) const {
    if (word < 0) return kNone;
    const int32_t first = outermost[size_t(word)];
    return rank == 1 || first < 0 ? first : sibling[size_t(first)];
  }
};

}  // namespace treelet
