// A stretch of text without white space, decoded for the matchers, and the questions they ask of its
// characters.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/unicode.h"
#include "base/utf8.h"

namespace treelet {

// What follows the white space after a chunk: all that the chunk's analysis may know of its surroundings.
enum class Following : uint8_t { paragraph_end = 0, lower_or_other = 1, upper = 2, digit = 3 };

class Window {
 public:
  static constexpr size_t kMaxSize = 16384;  // code points; bounds memory and the length of a token

  // Decodes from the start of `bytes`; returns the number of bytes taken, fewer than given where the window
  // is full.
  size_t fill(std::string_view bytes, Following following_chunk) {
    raw.clear(), lower.clear(), classes.clear(), byte.clear();
    size_t i = 0;
    while (i < bytes.size() && raw.size() < kMaxSize) {
      const CodePoint c = decode_utf8(bytes, i);
      raw.push_back(c.value);
      lower.push_back(to_lower(c.value));
      classes.push_back(char_classes(c.value));
      byte.push_back(uint32_t(i));
      i += size_t(c.bytes);
    }
    byte.push_back(uint32_t(i));
    size = raw.size();
    for (int k = 0; k < 4; ++k) raw.push_back(0), lower.push_back(0), classes.push_back(kSpace);
    following = i == bytes.size() ? following_chunk : Following::lower_or_other;
    text = bytes.substr(0, i);
    return i;
  }

  // The four characters behind the end read as 0 of class kSpace, so that matchers may look ahead.
  std::vector<char32_t> raw, lower;
  std::vector<uint8_t> classes;
  std::vector<uint32_t> byte;  // byte position of each code point, and of the end
  std::string_view text;
  size_t size = 0;
  Following following = Following::paragraph_end;

  std::string_view bytes(size_t from, size_t to) const {
    return text.substr(byte[from], byte[to] - byte[from]);
  }
  bool alpha(size_t i) const { return classes[i] & (kAlpha | kMark); }
  bool upper(size_t i) const { return classes[i] & kUpper; }
  bool digit(size_t i) const { return classes[i] & kDigit; }
  // Letters, digits, marks, and characters without a class (controls, zero-width characters, private use):
  // what words are made of.
  bool word(size_t i) const { return !(classes[i] & (kSpace | kPunctuation | kSymbol)); }
  bool apostrophe(size_t i) const {
    return raw[i] == U'\'' || raw[i] == 0x2019 || raw[i] == U'`' || raw[i] == 0x2BC;
  }
  bool hyphen(size_t i) const { return raw[i] == U'-' || raw[i] == 0x2010 || raw[i] == 0x2011; }
};

}  // namespace treelet
