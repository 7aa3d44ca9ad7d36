// What kind of character a code point is, and its lower case: two-stage tables, generated from Python's
// unicodedata.
#pragma once

#include <cstdint>

namespace treelet {

enum CharClass : uint8_t {
  kSpace = 1,         // exactly where Python's str.isspace is true
  kAlpha = 2,         // letters and letter numbers
  kUpper = 4,         // upper-case letters
  kDigit = 8,         // decimal digits, superscripts and fractions
  kPunctuation = 16,  // categories P*
  kSymbol = 32,       // categories S*
  kMark = 64,         // combining marks
  kPictograph = 128,  // emoji and other pictures
};

namespace unicode_tables {
struct Record {
  int32_t lower_offset;
  uint8_t classes;
};
extern const Record records[];
extern const uint16_t blocks[];  // one for every 128 code points
extern const uint8_t places[];   // (blocks, 128): a record each

inline const Record& find(char32_t c) {
  return records[c > 0x10FFFF ? 0 : places[(uint32_t(blocks[c >> 7]) << 7) | (c & 127)]];
}
}  // namespace unicode_tables

// Bits of CharClass; 0 for controls, format characters, surrogates, private use and unassigned places.
inline uint8_t char_classes(char32_t c) { return unicode_tables::find(c).classes; }
inline bool is_space(char32_t c) { return char_classes(c) & kSpace; }
inline bool is_alpha(char32_t c) { return char_classes(c) & kAlpha; }
inline bool is_upper(char32_t c) { return char_classes(c) & kUpper; }
inline bool is_digit(char32_t c) { return char_classes(c) & kDigit; }
inline bool is_punctuation(char32_t c) { return char_classes(c) & kPunctuation; }
inline bool is_symbol(char32_t c) { return char_classes(c) & kSymbol; }
// Simple lower case, one code point to one.
inline char32_t to_lower(char32_t c) { return char32_t(int32_t(c) + unicode_tables::find(c).lower_offset); }

}  // namespace treelet
