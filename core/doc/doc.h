// One document: its text, and a column of equal length for everything that is known of its words.
//
// The unit is the syntactic word. A surface token of Universal Dependencies may hold several (`don't` = `do` `n't`,
// Portuguese `no` = `em` `o`); the words of such a token share out its surface text between them, so that surfaces and
// the white space between them always rebuild the text. Where a word is not the piece of text it stands on
// (`em` on `n`), `form` says so.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "doc/columns.h"

namespace treelet {

enum class TokenPart : uint8_t { whole = 0, first = 1, later = 2 };
enum class Iob : uint8_t { missing = 0, inside = 1, outside = 2, begin = 3 };

// What is known of a word's place: 1 it starts a sentence, -1 it does not, 0 unknown.
using SentStart = int8_t;

// In a column of probabilities: nobody said.
constexpr float kUnknownProbability = std::numeric_limits<float>::quiet_NaN();

// Words [begin, end) of a document.
struct WordRange {
  size_t begin = 0, end = 0;
  size_t size() const { return end - begin; }
};

struct Doc {
  std::string text;                          // UTF-8, lone surrogates allowed (base/utf8.h)
  std::vector<int32_t> byte_start, byte_end;  // the word's surface in `text`; non-decreasing, may be empty inside a token
  std::vector<TokenPart> part;               // place in a multi-word token
  StringColumn form;                         // set only where it differs from the surface

  LabelColumn upos, xpos, feats, deprel, ent_type;
  StringColumn lemma;
  std::vector<int32_t> head;                 // index of the governing word, its own for a root, kMissing; empty = no tree
  std::vector<SentStart> sent_start;         // empty = unknown throughout
  std::vector<Iob> iob;                      // empty = no entities annotated

  // How sure the annotators are, 0 to 1, kUnknownProbability for what they did not decide; empty = throughout.
  std::vector<float> head_probability;    // that the head is right
  std::vector<float> deprel_probability;  // that head and deprel are right
  std::vector<float> ent_probability;     // that the entity the word is in is right, the same for all its words

  size_t size() const { return byte_start.size(); }
  std::string_view surface(size_t word) const {
    return std::string_view(text).substr(size_t(byte_start[word]), size_t(byte_end[word] - byte_start[word]));
  }
  std::string_view word(size_t word) const { return form.is_set(word) ? form.get(word) : surface(word); }
  // White space (and nothing else) between the end of this word and the next, or the end of the text.
  std::string_view whitespace(size_t word) const;
  std::string_view leading_whitespace() const;

  // Appends a surface token and its words to text and columns. No words, or one equal to the surface, makes it whole.
  // Throws Error(text) when a word is empty or the text would pass 2 GiB.
  void add_token(std::string_view surface, const std::vector<std::string>& words, std::string_view whitespace);
  // The same for a token that `text` already holds at [start, end).
  void mark_token(int32_t start, int32_t end, const std::vector<std::string>& words);

  // The same text and words with nothing else known, except, on request, where sentences start.
  Doc bare(bool sentences) const;

 private:
  void append_missing();  // keeps annotated columns as long as the document when a word is added
};

// Bytes of `surface` at which each following word starts (words.size() - 1 of them), by the cheapest alignment of
// characters between the surface and the concatenated words. Always on code point borders, non-decreasing.
std::vector<int32_t> share_surface(std::string_view surface, const std::vector<std::string>& words);

}  // namespace treelet
